/* index_test.c - see index.h: documents, statements, what is removed, what a start finds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test_index.h"

static void a_document_is_found_by_its_words(void)
{
    test_begin();
    int64_t id = test_put("tale.txt", "The boy who cried wolf.\n\nNobody came when the wolf was there.\n");

    CU_ASSERT_EQUAL(test_search("cries").n, 1);
    CU_ASSERT_EQUAL(test_search("cries").document, id);
    CU_ASSERT_STRING_EQUAL(test_search("wolf").source, "tale.txt");
    CU_ASSERT_EQUAL(test_search("elephant").n, 0);
    test_integrity();
    test_end();
}

KL_TESTS("index", T(a_document_is_found_by_its_words))
