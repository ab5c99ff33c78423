/* Holds common/ to what its README says: every header is listed, and a module uses only those above it. */
#include <dirent.h>
#include <stdbool.h>

#include "test.h"
#include "test_file.h"

#define HEADERS_MAX 64
#define NAME_SIZE   64

static char listed[HEADERS_MAX][NAME_SIZE]; /* without ".h", in the README's order */
static size_t listed_count;
static size_t library_count; /* of them the library's; what follows is for tests */

static void read_list(void)
{
    char *text = test_file("README.md");
    const char *tests = strstr(text, "For tests alone:");
    const char *at = text;

    listed_count = library_count = 0;
    while ((at = strstr(at, "\n| [`")) != NULL) {
        at += strlen("\n| [`");
        snprintf(listed[listed_count], NAME_SIZE, "%.*s", (int)strcspn(at, "."), at);
        listed_count++;
        library_count += at < tests;
    }
    free(text);
}

/* Where the header stands in the list; listed_count: nowhere. */
static size_t place_of(const char *name, size_t len)
{
    size_t i;

    for (i = 0; i < listed_count; i++)
        if (strlen(listed[i]) == len && memcmp(listed[i], name, len) == 0)
            break;
    return i;
}

/* The module a file belongs to: http_reply.c to http, kafka_conf.c to kafka_conf. */
static size_t module_of(const char *file)
{
    size_t len = strcspn(file, ".");
    size_t place = place_of(file, len);

    while (place == listed_count && len > 0) {
        len--;
        if (file[len] == '_')
            place = place_of(file, len);
    }
    return place;
}

static bool ends_with(const char *name, const char *end)
{
    return strlen(name) > strlen(end) && strcmp(name + strlen(name) - strlen(end), end) == 0;
}

/* Prints and counts the includes of a file that are below its module. */
static size_t includes_from_below(const char *file)
{
    char *text = test_file(file);
    const char *at = text;
    size_t wrong = 0;

    while ((at = strstr(at, "#include \"")) != NULL) {
        size_t used;

        at += strlen("#include \"");
        used = place_of(at, strcspn(at, "."));
        if (used < library_count && used > module_of(file)) {
            printf("    %s uses %s.h, which stands below it\n", file, listed[used]);
            wrong++;
        }
    }
    free(text);
    return wrong;
}

static void every_header_is_listed(void)
{
    DIR *dir = opendir(".");
    struct dirent *file;
    size_t missing = 0;

    read_list();
    while ((file = readdir(dir)) != NULL) {
        if (!ends_with(file->d_name, ".h") || module_of(file->d_name) < listed_count)
            continue;
        printf("    %s is not listed\n", file->d_name);
        missing++;
    }
    closedir(dir);
    CU_ASSERT_EQUAL(missing, 0);
}

static void every_listed_header_exists(void)
{
    size_t i;

    read_list();
    CU_ASSERT_TRUE(library_count > 0 && library_count < listed_count);
    for (i = 0; i < listed_count; i++) {
        char name[NAME_SIZE + 2];

        snprintf(name, sizeof name, "%.*s.h", NAME_SIZE - 1, listed[i]);
        CU_ASSERT_EQUAL(access(name, R_OK), 0);
    }
}

static void a_module_uses_only_those_above_it(void)
{
    DIR *dir = opendir(".");
    struct dirent *file;
    size_t wrong = 0;

    read_list();
    while ((file = readdir(dir)) != NULL) {
        bool is_code = ends_with(file->d_name, ".c") || ends_with(file->d_name, ".h");

        if (is_code && !ends_with(file->d_name, "_test.c") && module_of(file->d_name) < library_count)
            wrong += includes_from_below(file->d_name);
    }
    closedir(dir);
    CU_ASSERT_EQUAL(wrong, 0);
}

KL_TESTS("readme", T(every_header_is_listed), T(every_listed_header_exists), T(a_module_uses_only_those_above_it))
