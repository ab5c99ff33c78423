/* expect.c - see expect.h. */
#include "expect.h"

#include <string.h>

#include "text.h"

#define WORDS_LOOKED 64 /* of a question, in which its asking word stands */

/* What a question asks for, by two of its words that follow each other, or by one. The first row that fits counts. */
static const struct asking { const char *word, *next; enum expect what; } askings[] = {
    { "how", "many", EXPECT_NUMBER },  { "how", "much", EXPECT_NUMBER },  { "how", "far", EXPECT_NUMBER },
    { "how", "long", EXPECT_NUMBER },  { "how", "old", EXPECT_NUMBER },   { "how", "deep", EXPECT_NUMBER },
    { "what", "sum", EXPECT_NUMBER },  { "what", "share", EXPECT_NUMBER }, { "what", "proportion", EXPECT_NUMBER },
    { "what", "year", EXPECT_TIME },   { "which", "year", EXPECT_TIME },  { "what", "hour", EXPECT_TIME },
    { "what", "time", EXPECT_TIME },   { "how", "early", EXPECT_TIME },   { "when", NULL, EXPECT_TIME },
    { "who", NULL, EXPECT_PERSON },    { "whom", NULL, EXPECT_PERSON },   { "whose", NULL, EXPECT_PERSON },
    { "why", NULL, EXPECT_REASON },    { "what", "is", EXPECT_MEANING },  { "what", "are", EXPECT_MEANING },
};

/* Words between blanks, so that one is found by strstr. */
static const char number_words[] =
    " one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
    " twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million dozen half third thirds quarter fourth fourths"
    " fifth fifths once twice ";
static const char time_words[] =
    " january february march april may june july august september october november december monday tuesday wednesday thursday"
    " friday saturday sunday clock morning noon afternoon evening night midnight dawn sunrise sunset today yesterday tomorrow day"
    " days week weeks month months year years hour hours minute minutes century spring summer autumn winter when ";
static const char meaning_words[] = " is are was were means called known denotes ";
static const char reason_words[] = " because for since as therefore owing due reason order that lest so ";

struct word {
    char   text[TEXT_WORD_MAX + 3]; /* " word " */
    size_t at, end;
};

static bool next_word(struct text_words *it, struct word *out)
{
    const char *word;
    size_t len;

    if (!text_word(it, &word, &len, &out->at))
        return false;
    out->end = it->next;
    out->text[0] = ' ';
    memcpy(out->text + 1, word, len);
    memcpy(out->text + 1 + len, " ", 2);
    return true;
}

static bool is(const struct word *w, const char *text)
{
    size_t len = strlen(text);

    return strncmp(w->text + 1, text, len) == 0 && w->text[1 + len] == ' ';
}

enum expect expect_of(const char *question, size_t len)
{
    struct text_words it;
    struct word before, word;

    text_words_begin(&it, question, len);
    if (!next_word(&it, &before))
        return EXPECT_ANYTHING;
    for (int n = 0; n < WORDS_LOOKED; n++) {
        bool more = next_word(&it, &word);

        for (size_t i = 0; i < sizeof askings / sizeof *askings; i++) {
            if (is(&before, askings[i].word) && (!askings[i].next || (more && is(&word, askings[i].next))))
                return askings[i].what;
        }
        if (!more)
            break;
        before = word;
    }
    return EXPECT_ANYTHING;
}

static bool has_digit(const struct word *w)
{
    return strpbrk(w->text, "0123456789") != NULL;
}

static bool has_word(const char *text, size_t len, const struct word *wanted)
{
    struct text_words it;
    struct word word;

    text_words_begin(&it, text, len);
    while (next_word(&it, &word)) {
        if (strcmp(word.text, wanted->text) == 0)
            return true;
    }
    return false;
}

/* A word with a capital that begins no sentence and no quotation. */
static bool is_name(const char *sentence, size_t len, const struct word *w)
{
    size_t size;

    return w->at >= 2 && text_is_upper(text_char(sentence, len, w->at, &size)) && w->end > w->at + 1 && sentence[w->at - 1] == ' ' &&
           !strchr(".!?", sentence[w->at - 2]);
}

/* "A sinus is a track ...": a word of the question, and behind it what says what it is. */
static bool says_what_it_is(const char *question, size_t question_len, const struct word *before, const struct word *w)
{
    return before->end > before->at + 2 && strstr(meaning_words, w->text) && has_word(question, question_len, before);
}

bool expect_met(enum expect what, const char *question, size_t question_len, const char *sentence, size_t len)
{
    struct text_words it;
    struct word w, before = { .text = "" };
    bool met = what == EXPECT_ANYTHING;

    text_words_begin(&it, sentence, len);
    while (!met && next_word(&it, &w)) {
        if (what == EXPECT_NUMBER || what == EXPECT_TIME)
            met = has_digit(&w) || strstr(number_words, w.text);
        if (what == EXPECT_TIME)
            met = met || strstr(time_words, w.text);
        if (what == EXPECT_REASON)
            met = strstr(reason_words, w.text) != NULL;
        if (what == EXPECT_PERSON)
            met = is_name(sentence, len, &w) && !has_word(question, question_len, &w);
        if (what == EXPECT_MEANING)
            met = says_what_it_is(question, question_len, &before, &w);
        before = w;
    }
    return met;
}
