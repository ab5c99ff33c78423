/* stop_words.h - words that tell nothing about a text: in nearly every passage of English, and in nearly every question. */
#ifndef STOP_WORDS_H
#define STOP_WORDS_H

static const char STOP_WORDS[] =
    "a about above after again against all almost also although always am among an and another any anyone anything are aren"
    " as at away be became because become been before being below between both but by came can cannot could couldn did didn do does"
    " doesn doing don done down during each either else ever every everyone everything few for from further get gets give given go goes"
    " got had hadn has hasn have haven having he her here hers herself him himself his how however i if in into is isn it its itself"
    " just let like ll made make many me might more most much must my myself neither no nor not nothing now of off often on once one"
    " only or other others our ours ourselves out over own perhaps please quite rather re really s said same say says shall she"
    " should shouldn since so some someone something still such t tell tells than that the their theirs them themselves then"
    " there these they thing things this those though through thus to together told too toward towards under until up upon us"
    " used very ve want was wasn way we were weren what whatever when where whether which while who whom whose why will with within"
    " without won would wouldn yes yet you your yours yourself yourselves";

#endif
