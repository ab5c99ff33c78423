#include "extract_internal.h"

#include <stdio.h>

#include "fault.h"
#include "test.h"

#define TEXT_MAX 100000

static void kind_is(const char *type, const char *name, const char *body, enum extract_kind want)
{
    enum extract_kind kind = EXTRACT_KINDS;

    CU_ASSERT_EQUAL(extract_kind(type, name, body, strlen(body), &kind, NULL), KL_OK);
    CU_ASSERT_EQUAL(kind, want);
}

static void extracts_to(enum extract_kind kind, const char *body, const char *want)
{
    struct kl_error err = { 0 };
    struct kl_buf text;

    kl_buf_init(&text, TEXT_MAX);
    CU_ASSERT_EQUAL(extract(kind, body, strlen(body), &text, &err), KL_OK);
    CU_ASSERT_STRING_EQUAL(text.data ? text.data : "", want);
    if (strcmp(text.data ? text.data : "", want))
        printf("\n  got  %s (%s)\n", text.data, err.text);
    kl_buf_fini(&text);
}

static void is_refused(enum extract_kind kind, const char *body, enum kl_code want, const char *says, int line)
{
    struct kl_error err = { 0 };
    struct kl_buf text;

    kl_buf_init(&text, 2000);
    kl_buf_adds(&text, "before");
    CU_ASSERT_EQUAL(extract(kind, body, strlen(body), &text, &err), want);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, says));
    if (!strstr(err.text, says))
        printf("\n  says %s\n", err.text);
    CU_ASSERT_EQUAL(err.line, line);
    CU_ASSERT_STRING_EQUAL(text.data, "before");
    kl_buf_fini(&text);
}

static void the_type_tells_the_form(void)
{
    kind_is("text/plain; charset=utf-8", "a.json", "{}", EXTRACT_TEXT);
    kind_is("Text/Markdown", NULL, "", EXTRACT_MARKDOWN);
    kind_is("text/html;charset=\"UTF-8\"", NULL, "", EXTRACT_HTML);
    kind_is("application/json", NULL, "", EXTRACT_JSON);
    kind_is("application/cloudevents+json", NULL, "", EXTRACT_JSON);
    kind_is("application/x-ndjson", NULL, "", EXTRACT_NDJSON);
    kind_is("text/csv", NULL, "", EXTRACT_CSV);
    kind_is("text/x-anything", NULL, "", EXTRACT_TEXT);
}

static void without_a_type_the_name_tells_it(void)
{
    kind_is(NULL, "war_and_peace.TXT", "{}", EXTRACT_TEXT);
    kind_is("", "README.md", "", EXTRACT_MARKDOWN);
    kind_is("application/octet-stream", "page.htm", "", EXTRACT_HTML);
    kind_is("application/x-www-form-urlencoded", "a.jsonl", "", EXTRACT_NDJSON);
    kind_is(NULL, "t.tsv", "", EXTRACT_CSV);
}

static void without_a_name_a_look_tells_it(void)
{
    kind_is(NULL, NULL, "<!DOCTYPE html><p>x", EXTRACT_HTML);
    kind_is(NULL, "noending", " {\"a\": 1}", EXTRACT_JSON);
    kind_is(NULL, NULL, "[{\"a\": 1}, {}]", EXTRACT_JSON);
    kind_is(NULL, NULL, "{\"a\":1}\n{\"a\":2}\n", EXTRACT_NDJSON);
    kind_is(NULL, NULL, "{not json} but words", EXTRACT_TEXT);
    kind_is(NULL, NULL, "[1] a footnote", EXTRACT_JSON);
    kind_is(NULL, NULL, "Once, there was", EXTRACT_TEXT);
    kind_is(NULL, NULL, "", EXTRACT_TEXT);
}

static void other_types_are_refused_by_name(void)
{
    struct kl_error err;
    enum extract_kind kind;

    CU_ASSERT_EQUAL(extract_kind("image/png", "a.txt", "", 0, &kind, &err), KL_UNSUPPORTED);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "image/png"));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "text/markdown"));
    CU_ASSERT_EQUAL(extract_kind("text/plain; charset=iso-8859-1", NULL, "", 0, &kind, &err), KL_UNSUPPORTED);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "UTF-8"));
}

static void plain_text_and_markdown_are_kept_byte_for_byte(void)
{
    extracts_to(EXTRACT_TEXT, "\xEF\xBB\xBF a\r\n\n b ", "\xEF\xBB\xBF a\r\n\n b ");
    extracts_to(EXTRACT_MARKDOWN, "# A\n\n* b\n", "# A\n\n* b\n");
    extracts_to(EXTRACT_TEXT, "", "");
}

static void json_becomes_a_line_a_field(void)
{
    extracts_to(EXTRACT_JSON, "{\"order\":{\"id\":17,\"total\":12.5,\"paid\":true,\"note\":null,\"tags\":[\"a\",\"b\",3]},\"by\":\"Anna\"}",
                "order.id: 17\norder.total: 12.5\norder.paid: true\norder.tags: a, b, 3\nby: Anna");
    extracts_to(EXTRACT_JSON, "{\"lines\":[{\"sku\":\"A\"},{\"sku\":\"B\"}]}", "lines[0].sku: A\nlines[1].sku: B");
    extracts_to(EXTRACT_JSON, "[{\"a\":1},{\"a\":2}]", "a: 1\n\na: 2");
    extracts_to(EXTRACT_JSON, " [ ] ", "");
    extracts_to(EXTRACT_JSON, "[1,2]", "1, 2");
    extracts_to(EXTRACT_JSON, "\"just \\u00e4 word\"", "just \xC3\xA4 word");
    extracts_to(EXTRACT_JSON, "\xEF\xBB\xBF{\"a\":\"x\\u0000y\\u0007z\"}", "a: x y z");
}

static void ndjson_becomes_a_paragraph_a_record(void)
{
    extracts_to(EXTRACT_NDJSON, "{\"a\":1,\"b\":2}\r\n\n{\"a\":3}\n", "a: 1\nb: 2\n\na: 3");
    extracts_to(EXTRACT_NDJSON, "", "");
}

static void what_is_no_json_is_refused_with_its_line(void)
{
    is_refused(EXTRACT_JSON, "{\"a\":\n1,}", KL_INVALID, "line 2", 2);
    is_refused(EXTRACT_JSON, "[{\"a\":1}\n{\"b\":2}]", KL_INVALID, "want , or ]", 2);
    is_refused(EXTRACT_JSON, "[{\"a\":1},]", KL_INVALID, "must follow", 1);
    is_refused(EXTRACT_JSON, "[{\"a\":1}", KL_INVALID, "no end", 1);
    is_refused(EXTRACT_JSON, "{} x", KL_INVALID, "follows", 1);
    is_refused(EXTRACT_JSON, "", KL_INVALID, "no JSON", 1);
    is_refused(EXTRACT_NDJSON, "{\"a\":1}\n{\"a\":\n", KL_INVALID, "line 2", 2);
    is_refused(EXTRACT_NDJSON, "{} {}\n", KL_INVALID, "follows", 1);
}

static void json_that_is_nested_too_deep_is_refused(void)
{
    char body[3 * EXTRACT_DEPTH_MAX];
    int depth = EXTRACT_DEPTH_MAX + 2;

    memset(body, '[', (size_t)depth);
    memset(body + depth, ']', (size_t)depth);
    body[2 * depth] = '\0';
    is_refused(EXTRACT_JSON, body, KL_INVALID, "deeper", 0);
}

/* It is in memory as a tree; of an array of records and of NDJSON only the record that is read is. */
static void one_json_value_is_bounded_and_how_many_there_are_is_not(void)
{
    static const char member[] = "{\"a\":\"\xC3\xA4\"},";
    struct kl_buf body, text;
    struct kl_error err;

    kl_buf_init(&body, 2 * EXTRACT_VALUE_MAX);
    kl_buf_init(&text, 2 * EXTRACT_VALUE_MAX);
    kl_buf_adds(&body, "{\"all\":[");
    while (body.len < EXTRACT_VALUE_MAX + sizeof member)
        kl_buf_adds(&body, member);
    kl_buf_adds(&body, "1]}");
    CU_ASSERT(extract_looks_like_json(body.data, body.len));
    CU_ASSERT_EQUAL(extract(EXTRACT_JSON, body.data, body.len, &text, &err), KL_TOO_LARGE);
    CU_ASSERT_EQUAL(err.limit, EXTRACT_VALUE_MAX);
    CU_ASSERT_EQUAL(extract(EXTRACT_JSON, body.data + 7, body.len - 8, &text, &err), KL_OK);
    kl_buf_fini(&body);
    kl_buf_fini(&text);
}

static void a_csv_row_becomes_a_paragraph_with_its_names(void)
{
    extracts_to(EXTRACT_CSV, "name,town\nAnna,Moscow\n\"Bolkonski, A.\",\"Bald \"\"Hills\"\"\"\n",
                "name: Anna, town: Moscow\n\nname: Bolkonski, A., town: Bald \"Hills\"");
    extracts_to(EXTRACT_CSV, "a;b\r\n1;\r\n\r\n;2;3", "a: 1\n\nb: 2, 3");
    extracts_to(EXTRACT_CSV, "a\tb\n\"two\nlines\"\tx", "a: two\nlines, b: x");
    extracts_to(EXTRACT_CSV, "only,a,header", "only,a,header");
    extracts_to(EXTRACT_CSV, "", "");
    is_refused(EXTRACT_CSV, "a,b\n1,\"open\n", KL_INVALID, "not closed", 2);
}

static void html_becomes_title_and_paragraphs(void)
{
    extracts_to(EXTRACT_HTML,
                "<!doctype html><html><head><title>The wolf</title><style>p{color:red}</style><script>if (a<b) x();</script></head>"
                "<body><h1>A boy</h1><p>He  cried\n<em>wolf</em>&nbsp;&amp; ran&hellip;</p><ul><li>one<li>two</ul>"
                "<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>the<br>end<noscript>no</noscript></body></html>",
                "The wolf\n\nA boy\n\nHe cried wolf\xC2\xA0& ran\xE2\x80\xA6\n\none\ntwo\n\na b\nc\n\nthe\nend");
    extracts_to(EXTRACT_HTML, "<pre>a\n  b</pre>c", "a\n  b\n\nc");
    extracts_to(EXTRACT_HTML, "just words", "just words");
    extracts_to(EXTRACT_HTML, "", "");
    extracts_to(EXTRACT_HTML, "<meta charset=iso-8859-1><p>\xC3\xA4</p>", "\xC3\xA4");
}

static void binary_and_too_large_bodies_are_refused(void)
{
    char body[3001];

    is_refused(EXTRACT_TEXT, "a\nb\x01", KL_INVALID, "0x01", 2);
    is_refused(EXTRACT_JSON, "{\"a\":\"\xFF\"}", KL_INVALID, "0xFF", 1);
    memset(body, 'x', sizeof body - 1);
    body[sizeof body - 1] = '\0';
    is_refused(EXTRACT_TEXT, body, KL_TOO_LARGE, "2000", 0);
}

static void message_is(const char *value, const char *type, const char *want)
{
    struct kl_buf text;

    kl_buf_init(&text, TEXT_MAX);
    CU_ASSERT_EQUAL(extract_message(value, strlen(value), type, &text, NULL), KL_OK);
    CU_ASSERT_STRING_EQUAL(text.data, want);
    kl_buf_fini(&text);
}

static void a_message_is_json_by_its_fields_or_text_as_it_is(void)
{
    message_is("{\"a\":{\"b\":\"c\"}}", NULL, "a.b: c");
    message_is("{\"a\":{\"b\":\"c\"}}", "text/plain", "a.b: c");
    message_is("plain words", NULL, "plain words");
    message_is("plain words", "application/json", "plain words");
    message_is("{half", "application/json", "{half");
    message_is("<p>a</p>", "text/html", "a");
    message_is("42", NULL, "42");
    message_is("\"a \\\"quoted\\\" one\"", NULL, "a \"quoted\" one");
}

static void a_message_without_words_is_none(void)
{
    static const struct { const char *value; size_t len; } cases[] = {
        { NULL, 0 }, { "", 0 }, { "\0\0\0\0\x07orders", 11 }, { "\x08\x96\x01", 3 }, { "  \n", 3 }, { "{}", 2 },
        { "{\"error\":null}", 14 },
    };
    struct kl_buf text;

    kl_buf_init(&text, TEXT_MAX);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CU_ASSERT_EQUAL(extract_message(cases[i].value, cases[i].len, NULL, &text, NULL), KL_NOT_FOUND);
    CU_ASSERT_EQUAL(text.len, 0);
    kl_buf_fini(&text);
}

static void without_memory_it_fails_and_leaves_the_text_as_it_was(void)
{
    static const char body[] = "name,town\nAnna,Moscow\n";
    bool hit = true;

    for (long n = 0; hit; n++) {
        struct kl_buf text;
        enum kl_code code;

        kl_buf_init(&text, TEXT_MAX);
        kl_fault_begin(n);
        code = extract(EXTRACT_CSV, body, sizeof body - 1, &text, NULL);
        hit = kl_fault_end();
        CU_ASSERT_EQUAL(text.len > 0, code == KL_OK);
        CU_ASSERT_EQUAL(code == KL_OK, !hit);
        kl_buf_fini(&text);
    }
}

KL_TESTS("extract", T(the_type_tells_the_form), T(without_a_type_the_name_tells_it), T(without_a_name_a_look_tells_it),
         T(other_types_are_refused_by_name), T(plain_text_and_markdown_are_kept_byte_for_byte), T(json_becomes_a_line_a_field),
         T(ndjson_becomes_a_paragraph_a_record), T(what_is_no_json_is_refused_with_its_line),
         T(json_that_is_nested_too_deep_is_refused), T(one_json_value_is_bounded_and_how_many_there_are_is_not), T(a_csv_row_becomes_a_paragraph_with_its_names),
         T(html_becomes_title_and_paragraphs), T(binary_and_too_large_bodies_are_refused),
         T(a_message_is_json_by_its_fields_or_text_as_it_is), T(a_message_without_words_is_none),
         T(without_memory_it_fails_and_leaves_the_text_as_it_was))
