/* catalog_test.c - see catalog.h. */
#include "catalog.h"

#include "test.h"

static struct catalog *catalog;

static void begin(void)
{
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(catalog_new(&catalog, &err), KL_OK);
}

static void add(int64_t document, int64_t first, int32_t count, int32_t topic, int64_t time_ms)
{
    struct catalog_entry e = { document, first, count, topic, catalog_source("s"), time_ms, topic != CATALOG_NO_TOPIC, true };
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(catalog_add(catalog, &e, &err), KL_OK);
}

static int64_t document_at(int64_t passage)
{
    struct catalog_entry e;

    return catalog_find(catalog, passage, &e) ? e.document : 0;
}

static void a_passage_belongs_to_the_document_whose_range_it_is_in(void)
{
    begin();
    add(1, 10, 3, CATALOG_NO_TOPIC, 0);
    add(2, 13, 0, CATALOG_NO_TOPIC, 0);
    add(3, 13, 1, CATALOG_NO_TOPIC, 0);
    add(4, 20, 5, CATALOG_NO_TOPIC, 0);
    CU_ASSERT_EQUAL(document_at(9), 0);
    CU_ASSERT_EQUAL(document_at(10), 1);
    CU_ASSERT_EQUAL(document_at(12), 1);
    CU_ASSERT_EQUAL(document_at(13), 3);
    CU_ASSERT_EQUAL(document_at(14), 0);
    CU_ASSERT_EQUAL(document_at(24), 4);
    CU_ASSERT_EQUAL(document_at(25), 0);
    catalog_free(catalog);
}

static void one_step_shows_one_document_and_hides_another(void)
{
    struct catalog_entry hidden = { .document = 2, .first = 2, .count = 4, .topic = CATALOG_NO_TOPIC };
    struct kl_error err;

    begin();
    add(1, 1, 1, CATALOG_NO_TOPIC, 0);
    CU_ASSERT_EQUAL(catalog_add(catalog, &hidden, &err), KL_OK);
    CU_ASSERT_EQUAL(document_at(2), 0);
    CU_ASSERT_EQUAL(catalog_totals(catalog).passages, 1);
    catalog_show(catalog, 2, 1);
    CU_ASSERT_EQUAL(document_at(2), 2);
    CU_ASSERT_EQUAL(document_at(1), 0);
    CU_ASSERT_EQUAL(catalog_totals(catalog).passages, 4);
    catalog_show(catalog, 0, 4711);
    CU_ASSERT_EQUAL(catalog_totals(catalog).documents, 1);
    catalog_free(catalog);
}

static void removed_documents_leave_the_others_where_they_are(void)
{
    begin();
    for (int64_t i = 1; i <= 2000; i++)
        add(i, i * 10, 10, CATALOG_NO_TOPIC, 0);
    for (int64_t i = 1; i <= 2000; i++)
        if (i % 7)
            catalog_remove(catalog, i);
    for (int64_t i = 1; i <= 2000; i++)
        CU_ASSERT_EQUAL(document_at(i * 10 + 5), i % 7 ? 0 : i);
    CU_ASSERT_EQUAL(catalog_totals(catalog).documents, 2000 / 7);
    add(2001, 20010, 1, CATALOG_NO_TOPIC, 0);
    CU_ASSERT_EQUAL(document_at(20010), 2001);
    catalog_free(catalog);
}

static void a_filter_keeps_what_it_asks_for(void)
{
    struct catalog_filter filter;
    struct kl_error err;

    begin();
    int32_t orders = catalog_topic(catalog, "orders");

    CU_ASSERT_EQUAL(catalog_topic(catalog, "orders"), orders);
    add(1, 1, 1, orders, 100);
    add(2, 2, 1, catalog_topic(catalog, "payments"), 200);
    add(3, 3, 1, CATALOG_NO_TOPIC, 300);
    CU_ASSERT_EQUAL(catalog_filter(catalog, "orders", NULL, INT64_MIN, &filter, &err), KL_OK);
    CU_ASSERT(catalog_keep(&filter, 1) && !catalog_keep(&filter, 2) && !catalog_keep(&filter, 3));
    CU_ASSERT_EQUAL(catalog_filter(catalog, NULL, NULL, 200, &filter, &err), KL_OK);
    CU_ASSERT(!catalog_keep(&filter, 1) && catalog_keep(&filter, 2) && catalog_keep(&filter, 3));
    CU_ASSERT_EQUAL(catalog_filter(catalog, NULL, "other", INT64_MIN, &filter, &err), KL_OK);
    CU_ASSERT(!catalog_keep(&filter, 1));
    CU_ASSERT_EQUAL(catalog_filter(catalog, "none", NULL, INT64_MIN, &filter, &err), KL_NOT_FOUND);
    CU_ASSERT_EQUAL(catalog_totals(catalog).messages, 2);
    catalog_free(catalog);
}

KL_TESTS("catalog",
         T(a_passage_belongs_to_the_document_whose_range_it_is_in),
         T(one_step_shows_one_document_and_hides_another),
         T(removed_documents_leave_the_others_where_they_are),
         T(a_filter_keeps_what_it_asks_for))
