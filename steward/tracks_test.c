#include "tracks.h"

#include <stdio.h>

#include <jansson.h>

#include "log.h"
#include "test.h"
#include "track.h"

#define START_MS INT64_C(1763776000000)

/* A view of groups "g" and "h" on the topic "t" of two partitions. */
static struct view_partition parts[2];
static struct view_topic topic = { .name = "t", .partitions = 2, .parts = parts };
static struct view_offset offsets[2][2];
static char g_name[] = "g", h_name[] = "h";
static struct view_group groups[2] = { { .name = g_name, .offsets = offsets[0] }, { .name = h_name, .offsets = offsets[1] } };
static struct view view = { .refs = 1, .topics = &topic, .n_topics = 1, .groups = groups, .n_groups = 2 };
static struct tracks *tracks;
static struct kl_buf out;

static void begin(int64_t tracks_max)
{
    struct kl_error err;

    kl_log_init("test", KL_ERROR, false);
    CU_ASSERT_EQUAL_FATAL(tracks_new(&tracks, tracks_max, "ours", &err), KL_OK);
    kl_buf_init(&out, 1 << 20);
    view.groups_why[0] = 0;
    for (int i = 0; i < 2; i++) {
        parts[i] = (struct view_partition){ .id = i, .high = 100 };
        groups[i].why[0] = 0;
        groups[i].n_offsets = 2;
        for (int p = 0; p < 2; p++)
            offsets[i][p] = (struct view_offset){ &topic, p, 10 };
    }
}

static void end(void)
{
    tracks_free(tracks);
    kl_buf_fini(&out);
}

static void look(int64_t ms)
{
    view.as_of_ms = START_MS + ms;
    tracks_looked(tracks, &view);
}

static json_t *lag(const char *group, int64_t window_s)
{
    json_t *doc;

    kl_buf_clear(&out);
    tracks_lag_json(tracks, group, window_s, &out);
    doc = json_loads(out.data, 0, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    return doc;
}

/* "" or "true -1 5" of the one group named. */
static const char *passed(const char *group, int32_t partition, int64_t offset)
{
    static char text[96];
    const char *name;
    json_t *doc, *row;
    size_t i;

    kl_buf_clear(&out);
    tracks_passed_json(tracks, "t", partition, offset, &out);
    doc = json_loads(out.data, 0, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    text[0] = 0;
    json_array_foreach(doc, i, row) {
        json_t *not_passed = json_object_get(row, "not_passed_seen_ms"), *is = json_object_get(row, "passed_seen_ms");

        name = json_string_value(json_object_get(row, "group"));
        if (!strcmp(name, group))
            snprintf(text, sizeof text, "%s %lld %lld", json_is_true(json_object_get(row, "passed")) ? "yes" : "no",
                     json_is_null(not_passed) ? -1 : json_integer_value(not_passed) - START_MS,
                     json_is_null(is) ? -1 : json_integer_value(is) - START_MS);
    }
    json_decref(doc);
    return text;
}

static void a_groups_series_are_its_own_by_topic_and_partition(void)
{
    json_t *doc, *series;

    begin(100);
    offsets[0][1].committed = 95;
    look(0);
    doc = lag("g", 30);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(doc, "step_s")), 10);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(doc, "from_ms")), START_MS - 20000);
    series = json_object_get(doc, "series");
    CU_ASSERT_EQUAL_FATAL(json_array_size(series), 2);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(json_array_get(series, 1), "partition")), 1);
    series = json_object_get(json_array_get(series, 1), "lag");
    CU_ASSERT_EQUAL_FATAL(json_array_size(series), 3);
    CU_ASSERT_TRUE(json_is_null(json_array_get(series, 0)));
    CU_ASSERT_EQUAL(json_integer_value(json_array_get(series, 2)), 5);
    json_decref(doc);
    doc = lag("nobody", 3600);
    CU_ASSERT_EQUAL(json_array_size(json_object_get(doc, "series")), 0);
    json_decref(doc);
    end();
}

static void passed_tells_of_every_group_with_an_offset_there(void)
{
    begin(100);
    look(1000);
    offsets[0][0].committed = 50;
    look(2000);
    CU_ASSERT_STRING_EQUAL(passed("g", 0, 20), "yes 1000 2000");
    CU_ASSERT_STRING_EQUAL(passed("h", 0, 20), "no 2000 -1");
    CU_ASSERT_STRING_EQUAL(passed("g", 0, 5), "yes -1 1000");
    groups[0].n_offsets = 1;
    look(3000);
    CU_ASSERT_STRING_EQUAL(passed("g", 1, 5), ""); /* its offset is gone */
    CU_ASSERT_STRING_EQUAL(passed("h", 1, 5), "yes -1 1000");
    end();
}

static void passed_leaves_out_kafklouds_own_groups(void)
{
    static char consumers[] = "ours", services[] = "kafkloud-x";

    begin(100);
    groups[0].name = consumers;
    groups[1].name = services;
    look(1000);
    CU_ASSERT_EQUAL(tracks_count(tracks), 4);
    CU_ASSERT_STRING_EQUAL(passed("ours", 0, 5), "");
    CU_ASSERT_STRING_EQUAL(passed("kafkloud-x", 0, 5), "");
    groups[0].name = g_name;
    groups[1].name = h_name;
    end();
}

static void a_look_that_learnt_nothing_of_a_group_changes_nothing(void)
{
    begin(100);
    look(1000);
    strcpy(groups[0].why, "no coordinator");
    groups[0].n_offsets = 0;
    look(2000);
    CU_ASSERT_STRING_EQUAL(passed("g", 0, 5), "yes -1 1000");
    strcpy(view.groups_partly, "a broker did not list its groups");
    view.n_groups = 1;
    look(2500);
    CU_ASSERT_STRING_EQUAL(passed("h", 0, 20), "no 2000 -1");
    view.groups_partly[0] = 0;
    view.n_groups = 2;
    strcpy(view.groups_why, "not authorized");
    look(3000);
    CU_ASSERT_STRING_EQUAL(passed("h", 0, 20), "no 2000 -1");
    end();
}

static void beyond_the_maximum_none_is_kept_and_it_is_counted(void)
{
    begin(3);
    look(1000);
    CU_ASSERT_EQUAL(tracks_count(tracks), 3);
    CU_ASSERT_EQUAL(tracks_left_out(tracks), 1);
    CU_ASSERT_STRING_EQUAL(passed("h", 1, 5), "");
    end();
}

static void what_was_not_seen_for_an_hour_makes_room(void)
{
    begin(2);
    groups[1].n_offsets = 0;
    look(1000);
    groups[0].n_offsets = 0;
    groups[1].n_offsets = 2;
    look(2000);
    CU_ASSERT_EQUAL(tracks_left_out(tracks), 2);
    look(1000 + (int64_t)TRACK_STEPS * TRACK_STEP_MS + 1);
    CU_ASSERT_EQUAL(tracks_left_out(tracks), 0);
    CU_ASSERT_STRING_EQUAL(passed("h", 0, 20), "no 3601001 -1");
    end();
}

KL_TESTS("tracks",
         T(a_groups_series_are_its_own_by_topic_and_partition),
         T(passed_tells_of_every_group_with_an_offset_there),
         T(passed_leaves_out_kafklouds_own_groups),
         T(a_look_that_learnt_nothing_of_a_group_changes_nothing),
         T(beyond_the_maximum_none_is_kept_and_it_is_counted),
         T(what_was_not_seen_for_an_hour_makes_room))
