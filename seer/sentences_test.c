#include "sentences.h"

#include <stdio.h>

#include "test.h"
#include "text.h"

/* Writes the sentences of text: each in brackets, "#" before a heading, "/" behind a paragraph's last. */
static void sentences_are(const char *text, const char *want)
{
    struct sentences it;
    struct sentence s;
    char got[2048] = "";
    size_t used = 0;

    sentences_begin(&it, text, strlen(text));
    while (sentences_next(&it, &s)) {
        CU_ASSERT_PTR_EQUAL(s.text, text + s.at);
        CU_ASSERT_EQUAL(s.from, text_chars(text, s.at));
        CU_ASSERT_EQUAL(s.to, text_chars(text, s.at + s.len));
        used += (size_t)snprintf(got + used, sizeof got - used, "%s[%.*s]%s", s.heading ? "#" : "", (int)s.len, s.text,
                                 s.paragraph ? "/" : "");
    }
    CU_ASSERT_STRING_EQUAL(got, want);
    if (strcmp(got, want))
        printf("\n  got  %s\n  want %s\n", got, want);
}

static void a_sentence_ends_at_its_mark(void)
{
    sentences_are("They saw no wolf. The boy was amused! Was he? He was.", "[They saw no wolf.][The boy was amused!][Was he?][He was.]/");
    sentences_are("So it is... And then?! Yes.", "[So it is...][And then?!][Yes.]/");
    sentences_are("  no mark at all \n", "[no mark at all]/");
    sentences_are("", "");
    sentences_are(" \n\n ", "");
}

static void abbreviations_and_initials_end_nothing(void)
{
    sentences_are("Dr. Watson met Mr. J. S. Cushing of St. Petersburg. He left.", "[Dr. Watson met Mr. J. S. Cushing of St. Petersburg.][He left.]/");
    sentences_are("See Vol. II, p. 139, and Fig. 12. It is there.", "[See Vol. II, p. 139, and Fig. 12.][It is there.]/");
    sentences_are("The U.S. Army, e.g. Grant's, won. No. 5 lost.", "[The U.S. Army, e.g. Grant's, won.][No. 5 lost.]/");
    sentences_are("He said no. Then he went.", "[He said no.][Then he went.]/");
    sentences_are("It cost 3.5 rubles, i.e. Much more. ok.", "[It cost 3.5 rubles, i.e. Much more. ok.]/");
}

static void a_quotation_stays_in_its_sentence(void)
{
    sentences_are("\"Get out!\" said he. \"No more words.\"", "[\"Get out!\" said he.][\"No more words.\"]/");
    sentences_are("He sang out, \xE2\x80\x9CWolf! Wolf! It is here!\xE2\x80\x9D They came.",
                  "[He sang out, \xE2\x80\x9CWolf! Wolf! It is here!\xE2\x80\x9D][They came.]/");
    sentences_are("\"What, sir! Oh, bless you!\"", "[\"What, sir!][Oh, bless you!\"]/");
    sentences_are("He said, \"Go. And never closed it. Really.", "[He said, \"Go.][And never closed it.][Really.]/");
}

static void wrapped_lines_belong_together(void)
{
    sentences_are("Much has happened since this Manual was last revised, and many surgical\n"
                  "lessons have been learned in the hard school of war. Some may yet have\n"
                  "to be unlearned, says the Army.\n",
                  "[Much has happened since this Manual was last revised, and many surgical\n"
                  "lessons have been learned in the hard school of war.][Some may yet have\nto be unlearned, says the Army.]/");
    sentences_are("One line.\r\nAnother.\r\n\r\nA third.", "[One line.][Another.]/[A third.]/");
}

static void an_empty_line_ends_a_paragraph(void)
{
    sentences_are("one\n\ntwo\n \t\nthree", "#[one]/#[two]/[three]/");
}

static void headings_are_told(void)
{
    sentences_are("CHAPTER XVII\n\nAfter Anna had driven off, she sat.\n", "#[CHAPTER XVII]/[After Anna had driven off, she sat.]/");
    sentences_are("VIII. THE SPECKLED BAND\n\nIt was.", "#[VIII. THE SPECKLED BAND]/[It was.]/");
    sentences_are("# Words\nA word is a word.\n## More ##\nYes.", "#[# Words][A word is a word.]#[## More ##][Yes.]/");
    sentences_are("\"But why--\"\n\nHe left.", "[\"But why--\"]/[He left.]/");
}

static void lines_that_were_ended_on_purpose_are_pieces(void)
{
    sentences_are("Buy:\n- milk of the cow\n- bread\n2. go home\n", "[Buy:][- milk of the cow][- bread][2. go home]/");
    sentences_are("customer.name: Anna Pavlovna\ntotal: 12.5\ntags: a, b", "[customer.name: Anna Pavlovna][total: 12.5][tags: a, b]/");
    sentences_are("II.\tThe Red-Headed League\nIV.\tThe End\nVIII.\tThe Adventure of the Blue Carbuncle",
                  "[II.\tThe Red-Headed League][IV.\tThe End][VIII.\tThe Adventure of the Blue Carbuncle]/");
}

static void other_scripts_have_sentences_too(void)
{
    sentences_are("\xE4\xBD\xA0\xE5\xA5\xBD\xE3\x80\x82\xE5\x86\x8D\xE8\xA7\x81\xE3\x80\x82",
                  "[\xE4\xBD\xA0\xE5\xA5\xBD\xE3\x80\x82][\xE5\x86\x8D\xE8\xA7\x81\xE3\x80\x82]/");
    sentences_are("\xD0\x94\xD0\xB0. \xD0\x9D\xD0\xB5\xD1\x82! \xD0\x9D\xD0\xBE.", "[\xD0\x94\xD0\xB0.][\xD0\x9D\xD0\xB5\xD1\x82!][\xD0\x9D\xD0\xBE.]/");
    sentences_are("\xEF\xBB\xBFMarked. Text.", "[Marked.][Text.]/");
}

KL_TESTS("sentences", T(a_sentence_ends_at_its_mark), T(abbreviations_and_initials_end_nothing), T(a_quotation_stays_in_its_sentence),
         T(wrapped_lines_belong_together), T(an_empty_line_ends_a_paragraph), T(headings_are_told),
         T(lines_that_were_ended_on_purpose_are_pieces), T(other_scripts_have_sentences_too))
