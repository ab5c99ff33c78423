/* The cosines and components were computed in double precision out of the model's own floats. */
#include "meaning.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "test_dir.h"
#include "test_model.h"

static struct meaning *model;

static int begin(void)
{
    return meaning_open(&model, test_model(), NULL) == KL_OK ? 0 : 1;
}

static int end(void)
{
    meaning_close(model);
    return 0;
}

static void vector_of(const char *text, float out[MEANING_DIMS])
{
    meaning_vector(model, text, strlen(text), out);
}

static double cosine(const char *a, const char *b)
{
    float x[MEANING_DIMS], y[MEANING_DIMS];
    double sum = 0;

    vector_of(a, x);
    vector_of(b, y);
    for (size_t i = 0; i < MEANING_DIMS; i++)
        sum += (double)x[i] * y[i];
    return sum;
}

static void meaning_is_that_of_the_model(void)
{
    static const float wanted[] = { -0.17483f, -0.3022f, 0.13053f, 0.04551f, 0.11034f, 0.0915f, -0.15085f, 0.03294f };
    static const struct { const char *a, *b; double cosine; } pairs[] = {
        { "The soldiers marched through the snow in retreat.", "An army was walking back in winter.", 0.663957 },
        { "The soldiers marched through the snow in retreat.", "Treatment of fractures of the femur.", 0.065617 },
        { "How is a broken leg treated?", "Treatment of fractures of the femur.", 0.318215 },
        { "Who was the king?", "Napoleon rode into Moscow.", 0.095005 },
        { "Napoleon", "emperor of the French", 0.524865 },
    };
    float v[MEANING_DIMS];

    vector_of("The boy cried wolf.", v);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        CU_ASSERT_DOUBLE_EQUAL(v[i], wanted[i], 0.002);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        CU_ASSERT_DOUBLE_EQUAL(cosine(pairs[i].a, pairs[i].b), pairs[i].cosine, 0.002);
}

static void meaning_has_the_length_of_one(void)
{
    CU_ASSERT_DOUBLE_EQUAL(cosine("A wolf!", "A wolf!"), 1, 1e-5);
    CU_ASSERT_DOUBLE_EQUAL(cosine("wolf", "wolf wolf wolf"), 1, 1e-5);
}

static void meaning_of_no_known_word_is_zero(void)
{
    float v[MEANING_DIMS];

    vector_of("🙂 ☃", v);
    for (size_t i = 0; i < MEANING_DIMS; i++)
        CU_ASSERT_EQUAL(v[i], 0);
    CU_ASSERT_EQUAL(cosine("", "wolf"), 0);
}

static void meaning_passes_over_unknown_words(void)
{
    CU_ASSERT_DOUBLE_EQUAL(cosine("the wolf 🙂", "the wolf"), 1, 1e-5);
}

/* ---- files that are wrong --------------------------------------------------------------------------------------- */

#define ROWS   "{\"embeddings\":{\"dtype\":\"I8\",\"shape\":[2,256],\"data_offsets\":[0,512]},"
#define SCALES "\"scales\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[512,520]}}"

struct table {
    int8_t rows[2][MEANING_DIMS];
    float  scales[2];
};
static const struct table two_rows = { { { 127 }, { 127, -127 } }, { 1, 0.5f } };

/* Writes a table: the header with its length before it (said to be claim longer), then len bytes of numbers. */
static void put_table(const char *dir, const char *header, uint64_t claim, const struct table *numbers, size_t len)
{
    char name[256];
    uint64_t header_len = strlen(header) + claim;
    FILE *f;

    snprintf(name, sizeof name, "%s/table.safetensors", dir);
    f = fopen(name, "wbe");
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    fwrite(&header_len, sizeof header_len, 1, f);
    fputs(header, f);
    fwrite(numbers, 1, len, f);
    fclose(f);
}

static enum kl_code open_table(const char *header, uint64_t claim, const struct table *numbers, size_t len, struct kl_error *err)
{
    char dir[TEST_DIR_BYTES];
    struct meaning *m;
    enum kl_code code;

    test_dir_make(dir);
    test_dir_put(dir, "vocab.txt", "[UNK]\nwolf\n");
    put_table(dir, header, claim, numbers, len);
    code = meaning_open(&m, dir, err);
    CU_ASSERT_EQUAL(m != NULL, code == KL_OK);
    meaning_close(m);
    test_dir_remove(dir);
    return code;
}

static void meaning_refuses_a_table_of_another_shape(void)
{
    static const char *const headers[] = {
        "",
        "[]",
        "{\"embeddings\":{}}",
        "{\"weights\":{\"dtype\":\"I8\",\"shape\":[2,256],\"data_offsets\":[0,512]}," SCALES,
        "{\"embeddings\":{\"dtype\":\"U8\",\"shape\":[2,256],\"data_offsets\":[0,512]}," SCALES,
        "{\"embeddings\":{\"dtype\":\"I8\",\"shape\":[3,256],\"data_offsets\":[0,512]}," SCALES,
        "{\"embeddings\":{\"dtype\":\"I8\",\"shape\":[2,128],\"data_offsets\":[0,512]}," SCALES,
        "{\"embeddings\":{\"dtype\":\"I8\",\"shape\":[2,256,1],\"data_offsets\":[0,512]}," SCALES,
        "{\"embeddings\":{\"dtype\":\"I8\",\"shape\":[2,256],\"data_offsets\":[8,520]}," SCALES,
        "{\"embeddings\":{\"dtype\":\"I8\",\"shape\":[2,256],\"data_offsets\":[0,512]}}",
        ROWS "\"scales\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[512,520]}}",
        ROWS "\"scales\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[512,520]}}",
        ROWS "\"scales\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        ROWS "\"scales\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[512,9223372036854775807]}}",
    };
    struct kl_error err;

    CU_ASSERT_EQUAL(open_table(ROWS SCALES, 0, &two_rows, sizeof two_rows, &err), KL_OK);
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        CU_ASSERT_EQUAL(open_table(headers[i], 0, &two_rows, sizeof two_rows, &err), KL_INVALID);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "table.safetensors is no table of 2 x 256 bytes"));
    }
}

static void meaning_refuses_a_table_that_was_cut_short(void)
{
    CU_ASSERT_EQUAL(open_table(ROWS SCALES, 0, &two_rows, sizeof two_rows - 1, NULL), KL_INVALID);
    CU_ASSERT_EQUAL(open_table(ROWS SCALES, 0, &two_rows, 0, NULL), KL_INVALID);
    CU_ASSERT_EQUAL(open_table(ROWS SCALES, sizeof two_rows + 1, &two_rows, sizeof two_rows, NULL), KL_INVALID);
    CU_ASSERT_EQUAL(open_table(ROWS SCALES, UINT64_MAX - 200, &two_rows, sizeof two_rows, NULL), KL_INVALID);
}

static void meaning_refuses_a_scale_that_is_no_number(void)
{
    struct table numbers = two_rows;
    struct kl_error err;

    numbers.scales[1] = NAN;
    CU_ASSERT_EQUAL(open_table(ROWS SCALES, 0, &numbers, sizeof numbers, &err), KL_INVALID);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "row 1 "));
}

static void meaning_names_the_file_that_is_missing(void)
{
    char dir[TEST_DIR_BYTES];
    struct kl_error err;
    struct meaning *m;

    test_dir_make(dir);
    CU_ASSERT_EQUAL(meaning_open(&m, dir, &err), KL_INVALID);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "vocab.txt: No such file"));
    test_dir_put(dir, "vocab.txt", "[UNK]\n");
    CU_ASSERT_EQUAL(meaning_open(&m, dir, &err), KL_INVALID);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "table.safetensors: No such file"));
    test_dir_put(dir, "table.safetensors", "");
    CU_ASSERT_EQUAL(meaning_open(&m, dir, &err), KL_INVALID);
    test_dir_remove(dir);
}

KL_TESTS_WITH("meaning", begin, end, T(meaning_is_that_of_the_model), T(meaning_has_the_length_of_one), T(meaning_of_no_known_word_is_zero),
              T(meaning_passes_over_unknown_words), T(meaning_refuses_a_table_of_another_shape), T(meaning_refuses_a_table_that_was_cut_short),
              T(meaning_refuses_a_scale_that_is_no_number), T(meaning_names_the_file_that_is_missing))
