#include "multipart.h"

#include <stdio.h>

#include "test.h"

static struct kl_error err;

/* The parts as "name|type|data;", or "!" and the error's code where it fails. */
static const char *parts_of(const char *type, const char *body, size_t len)
{
    static char out[4096];
    struct multipart it;
    struct multipart_part part;
    bool more = true;
    size_t n = 0;

    out[0] = '\0';
    if (multipart_begin(&it, type, body, len, &err))
        return "!begin";
    while (more) {
        if (multipart_next(&it, &part, &more, &err)) {
            snprintf(out + n, sizeof out - n, "!");
            return out;
        }
        if (more)
            n += (size_t)snprintf(out + n, sizeof out - n, "%s|%s|%.*s;", part.filename, part.type, (int)part.len, part.data);
    }
    return out;
}

static const char *parts(const char *body) { return parts_of("multipart/form-data; boundary=b1", body, strlen(body)); }

#define FILE_PART(name, data) "--b1\r\nContent-Disposition: form-data; name=\"f\"; filename=\"" name "\"\r\n\r\n" data "\r\n"

static void each_part_has_its_name_its_type_and_its_bytes(void)
{
    CU_ASSERT_STRING_EQUAL(parts(FILE_PART("a.txt", "one\r\ntwo") FILE_PART("b.txt", "") "--b1--\r\n"), "a.txt||one\r\ntwo;b.txt||;");
    CU_ASSERT_STRING_EQUAL(parts("--b1\r\ncontent-type:\ttext/html; charset=utf-8\r\nCONTENT-DISPOSITION: form-data; filename=plain.html\r\n\r\nx\r\n--b1--"),
                           "plain.html|text/html; charset=utf-8|x;");
    CU_ASSERT_STRING_EQUAL(parts("--b1\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nT\r\n--b1--"), "||T;");
    CU_ASSERT_STRING_EQUAL(parts("a preamble\r\n--b1\t \r\n\r\nx\r\n--b1--"), "||x;");
}

static void what_looks_like_a_boundary_within_a_line_is_data(void)
{
    CU_ASSERT_STRING_EQUAL(parts(FILE_PART("a", "see --b1 and\n--b1 too") "--b1--"), "a||see --b1 and\n--b1 too;");
}

static void a_files_name_is_its_last_step(void)
{
    CU_ASSERT_STRING_EQUAL(parts(FILE_PART("../../etc/passwd", "x") "--b1--"), "passwd||x;");
    CU_ASSERT_STRING_EQUAL(parts(FILE_PART("C:\\\\dir\\\\a.txt", "x") "--b1--"), "a.txt||x;");
    CU_ASSERT_STRING_EQUAL(parts(FILE_PART("say \\\"hi\\\".txt", "x") "--b1--"), "say \"hi\".txt||x;");
}

static void a_body_that_is_cut_anywhere_is_refused(void)
{
    static const char whole[] = FILE_PART("a.txt", "data") "--b1--";
    char part[sizeof whole];

    for (size_t len = 0; len + 2 < sizeof whole; len++) {
        const char *got;

        memcpy(part, whole, len);
        got = parts_of("multipart/form-data; boundary=b1", part, len);
        CU_ASSERT_PTR_NOT_NULL(strchr(got, '!'));
    }
    CU_ASSERT_STRING_EQUAL(parts("--b1x\r\n\r\nx\r\n--b1--"), "!");
    CU_ASSERT_STRING_EQUAL(parts_of("multipart/form-data; boundary=b1", "--b1\r\nX: \0\r\n\r\nx\r\n--b1--", 24), "!");
}

static void a_boundary_is_quoted_or_not_and_has_one_to_seventy_characters(void)
{
    char type[128] = "multipart/form-data; boundary=";

    CU_ASSERT_STRING_EQUAL(parts_of("Multipart/Form-Data; x=y; Boundary=\"b 1\"", "--b 1\r\n\r\nx\r\n--b 1--", 19), "||x;");
    CU_ASSERT_STRING_EQUAL(parts_of("multipart/form-data", "x", 1), "!begin");
    CU_ASSERT_STRING_EQUAL(parts_of("multipart/form-data; boundary=", "x", 1), "!begin");
    memset(type + strlen(type), 'b', 71);
    CU_ASSERT_STRING_EQUAL(parts_of(type, "x", 1), "!begin");
    CU_ASSERT_STRING_EQUAL(err.field, "Content-Type");
    CU_ASSERT(multipart_is("multipart/form-data;boundary=a"));
    CU_ASSERT(!multipart_is("text/plain") && !multipart_is(NULL));
}

static void more_parts_than_the_maximum_are_refused(void)
{
    static char body[MULTIPART_PARTS_MAX * 16 + 64];
    struct multipart it;
    struct multipart_part part;
    bool more = true;
    size_t n = 0;
    int parts_n = 0;

    for (int i = 0; i <= MULTIPART_PARTS_MAX; i++)
        n += (size_t)snprintf(body + n, sizeof body - n, "--b\r\n\r\nx\r\n");
    CU_ASSERT_EQUAL(multipart_begin(&it, "multipart/form-data; boundary=b", body, n, &err), KL_OK);
    while (!multipart_next(&it, &part, &more, &err) && more)
        parts_n++;
    CU_ASSERT_EQUAL(parts_n, MULTIPART_PARTS_MAX);
    CU_ASSERT_EQUAL(err.code, KL_TOO_LARGE);
    CU_ASSERT_EQUAL(err.limit, MULTIPART_PARTS_MAX);
}

KL_TESTS("multipart", T(each_part_has_its_name_its_type_and_its_bytes), T(what_looks_like_a_boundary_within_a_line_is_data), T(a_files_name_is_its_last_step),
         T(a_body_that_is_cut_anywhere_is_refused), T(a_boundary_is_quoted_or_not_and_has_one_to_seventy_characters),
         T(more_parts_than_the_maximum_are_refused))
