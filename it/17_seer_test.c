/* The seer over real processes: files of every form loaded and found where they stand, answers with their sources, what is
 * replaced or deleted gone at once, a message found within a second of its acknowledgement, questions over Kafka. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "it.h"

#define SEEN_MS 20000 /* something that comes by itself */
#define LIVE_MS 1000  /* from the acknowledgement until it is found: the promise */

static struct it_world w;

/* ---- texts ---- */

static const struct file { const char *name, *text; } files[] = {
    { "keepers.txt", "THE LIGHT AT SKERRY POINT\n\nThe lighthouse at Skerry Point was lit for the first time in 1834. Its keeper was a widow by the name\n"
                     "of Agnes Tulloch, who had trimmed the lamps of her father's light before.\n\nIn the winter of 1841 the supply boat did not come "
                     "for nine weeks.\nThe keepers lived on limpets and on the oil of the lamp.\n" },
    { "bread.md", "# Bread\n\nKnead the dough for ten minutes. Let it rest **overnight** in a cold larder.\n\n## Oven\n\nBake it at 240 degrees until the crust is chestnut brown.\n" },
    { "ferry.html", "<html><head><title>Ferries</title><style>p { color: red }</style></head><body><h1>Ferries</h1>"
                    "<p>The ferry to Hvar leaves at half past seven &amp; takes bicycles.</p><script>var hidden = 'smuggler';</script></body></html>" },
    { "stock.csv", "item,place,amount\nturbine blade,Ulm,14\ngasket,Graz,2300\n" },
    { "trips.ndjson", "{\"driver\":\"Okonkwo\",\"route\":{\"from\":\"Lagos\",\"to\":\"Ibadan\"}}\n{\"driver\":\"Petrov\",\"route\":{\"from\":\"Tver\",\"to\":\"Kazan\"}}\n" },
};
#define FILES (sizeof files / sizeof *files)

static void put_file(const char *name, const char *text, size_t len)
{
    char path[256];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", w.dir, name);
    f = fopen(path, "w");
    fwrite(text, 1, len, f);
    fclose(f);
}

static int begin(void)
{
    static char max[] = "DOCUMENT_MAX_BYTES=256k";

    w.seer.env[0] = max;
    it_begin(&w, IT_PRODUCER | IT_STEWARD | IT_SEER);
    for (size_t i = 0; i < FILES; i++)
        put_file(files[i].name, files[i].text, strlen(files[i].text));
    return 0;
}
static int end(void) { return it_end(&w); }

/* ---- calls ---- */

static int64_t load_all(void)
{
    struct it_answer a = it_post(&w.seer, "keepers.txt\nbread.md\nferry.html\nstock.csv\ntrips.ndjson\n", "/load");
    int64_t status = a.status;

    CU_ASSERT_STRING_EQUAL(it_text(&a, "status"), "5 file(s) loaded");
    it_answer_free(&a);
    return status;
}

/* The first result's member as text; "" when there is none. */
static const char *first(const struct it_answer *a, const char *list, const char *member)
{
    const char *text = json_string_value(json_object_get(json_array_get(json_object_get(a->json, list), 0), member));

    return text ? text : "";
}

static int64_t first_number(const struct it_answer *a, const char *list, const char *member)
{
    return json_integer_value(json_object_get(json_array_get(json_object_get(a->json, list), 0), member));
}

/* Is the source among what is found by these words? */
static bool finds(const char *words, const char *source)
{
    struct it_answer a = it_get(&w.seer, "/search?mode=words&q=%s", words);
    bool there = false;
    json_t *row;
    size_t i;

    json_array_foreach(json_object_get(a.json, "results"), i, row)
        there |= !strcmp(json_string_value(json_object_get(row, "source")), source);
    CU_ASSERT_EQUAL(a.status, 200);
    it_answer_free(&a);
    return there;
}

/* ---- documents ---- */

static void check_place(const char *words, const char *source, const char *part)
{
    struct it_answer a = it_get(&w.seer, "/search?mode=words&k=1&q=%s", words), text;
    json_t *span = json_object_get(json_array_get(json_object_get(a.json, "results"), 0), "span");

    CU_ASSERT_STRING_EQUAL(first(&a, "results", "source"), source);
    CU_ASSERT_PTR_NOT_NULL(strstr(first(&a, "results", "text"), part));
    text = it_get(&w.seer, "/documents/%lld?from=%lld&to=%lld", (long long)first_number(&a, "results", "document"),
                  (long long)json_integer_value(json_array_get(span, 0)), (long long)json_integer_value(json_array_get(span, 1)));
    CU_ASSERT_STRING_EQUAL(it_text(&text, "text"), first(&a, "results", "text"));
    it_answer_free(&text);
    it_answer_free(&a);
}

static void files_of_every_form_are_found_in_the_place_that_is_told(void)
{
    CU_ASSERT_EQUAL(load_all(), 200);
    check_place("widow%20lamps", "keepers.txt", "Agnes Tulloch");
    check_place("crust", "bread.md", "chestnut brown");
    check_place("bicycles", "ferry.html", "half past seven & takes");
    check_place("gasket", "stock.csv", "amount: 2300");
    check_place("okonkwo", "trips.ndjson", "route.to: Ibadan");
    CU_ASSERT_FALSE(finds("smuggler", "ferry.html"));
}

static void an_answer_is_a_sentence_of_its_source_and_what_is_not_there_is_not_invented(void)
{
    struct it_answer a = it_get(&w.seer, "/ask?q=%s", "Who%20was%20the%20keeper%20of%20the%20lighthouse%20at%20Skerry%20Point");

    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT(json_is_true(json_object_get(a.json, "known")));
    CU_ASSERT_STRING_EQUAL(first(&a, "sources", "source"), "keepers.txt");
    CU_ASSERT(strstr(it_text(&a, "answer"), "Skerry Point") || strstr(it_text(&a, "answer"), "keeper"));
    CU_ASSERT_STRING_EQUAL(it_text(&a, "worded_by"), "extract");
    it_answer_free(&a);
    a = it_call(&w.seer, "GET", NULL, "Which quarks has a neutron?", 27, "/ask"); /* the question in the body of a GET, as ever */
    CU_ASSERT(json_is_false(json_object_get(a.json, "known")));
    CU_ASSERT_STRING_EQUAL(it_text(&a, "answer"), "I don't know");
    it_answer_free(&a);
}

static void events_tell_a_loads_progress_and_an_answers_sources_first(void)
{
    struct it_answer a = it_call(&w.seer, "POST", "Accept: text/event-stream", "keepers.txt\nnot-there.txt", 25, "/load");

    CU_ASSERT_PTR_NOT_NULL(strstr(a.body, "event: progress\ndata: {\"file\":\"keepers.txt\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(a.body, "event: done\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(a.body, "1 file(s) loaded"));
    it_answer_free(&a);
    a = it_call(&w.seer, "POST", "Accept: text/event-stream", "When was the lighthouse lit?", 28, "/ask");
    CU_ASSERT_PTR_NOT_NULL(strstr(a.body, "event: sources\n"));
    CU_ASSERT(strstr(a.body, "event: sources\n") < strstr(a.body, "event: answer\n"));
    CU_ASSERT(strstr(a.body, "event: answer\n") < strstr(a.body, "event: done\n"));
    it_answer_free(&a);
}

static void what_replaces_a_document_hides_it_and_what_is_deleted_is_gone_at_once(void)
{
    struct it_answer a = it_call(&w.seer, "PUT", NULL, "A walrus.", 9, "/documents?source=zoo.txt&title=Zoo&tags=a,b");
    int64_t id;

    CU_ASSERT_EQUAL(a.status, 201);
    it_answer_free(&a);
    CU_ASSERT(finds("walrus", "zoo.txt"));
    a = it_call(&w.seer, "PUT", NULL, "An ibex.", 8, "/documents?source=zoo.txt");
    CU_ASSERT_EQUAL(a.status, 200);
    id = it_number(&a, "id");
    it_answer_free(&a);
    CU_ASSERT_FALSE(finds("walrus", "zoo.txt"));
    CU_ASSERT(finds("ibex", "zoo.txt"));
    a = it_call(&w.seer, "DELETE", NULL, NULL, 0, "/documents/%lld", (long long)id);
    CU_ASSERT_EQUAL(a.status, 204);
    it_answer_free(&a);
    CU_ASSERT_FALSE(finds("ibex", "zoo.txt"));
    a = it_call(&w.seer, "DELETE", NULL, NULL, 0, "/documents/%lld", (long long)id);
    CU_ASSERT_EQUAL(a.status, 404);
    it_answer_free(&a);
}

static void each_file_of_a_form_is_a_document_and_a_bad_one_fails_alone(void)
{
    static const char body[] = "--xyz\r\nContent-Disposition: form-data; name=\"f\"; filename=\"pear.txt\"\r\n\r\nA quince pie.\r\n"
                               "--xyz\r\nContent-Disposition: form-data; name=\"f\"; filename=\"pear.png\"\r\nContent-Type: image/png\r\n\r\nx\r\n--xyz--\r\n";
    struct it_answer a = it_call(&w.seer, "PUT", "Content-Type: multipart/form-data; boundary=xyz", body, sizeof body - 1, "/documents");
    json_t *rows = json_object_get(a.json, "documents");

    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT_EQUAL(json_array_size(rows), 2);
    CU_ASSERT_PTR_NOT_NULL(json_object_get(json_array_get(rows, 1), "error"));
    it_answer_free(&a);
    CU_ASSERT(finds("quince", "pear.txt"));
}

static void everything_is_there_after_a_restart(void)
{
    struct it_answer a = it_post(&w.seer, "The heron nests behind the sawmill.", "/accept?title=Birds");

    CU_ASSERT_EQUAL(a.status, 201);
    it_answer_free(&a);
    CU_ASSERT_EQUAL(it_stop(&w.seer, SIGTERM), 0);
    it_start(&w, &w.seer);
    a = it_get(&w.seer, "/search?q=heron&k=1");
    CU_ASSERT_STRING_EQUAL(first(&a, "results", "kind"), "statement");
    CU_ASSERT_STRING_EQUAL(first(&a, "results", "title"), "Birds");
    it_answer_free(&a);
    CU_ASSERT(finds("gasket", "stock.csv"));
}

/* ---- topics ---- */

struct wanted { const char *words, *topic; struct it_answer found; };

static bool is_found(void *ctx)
{
    struct wanted *want = ctx;

    it_answer_free(&want->found);
    want->found = it_get(&w.seer, "/search?mode=words&k=1&q=%s&topic=%s", want->words, want->topic);
    return json_array_size(json_object_get(want->found.json, "results")) == 1;
}

static void a_message_is_found_with_its_place_within_a_second_of_its_acknowledgement(void)
{
    struct wanted want = { .words = "capybara", .topic = it_topic(&w, "live") };
    struct it_answer a = it_post(&w.producer, "the topic is made", "/produce/%s/k", want.topic);
    struct wanted warm = { .words = "made", .topic = want.topic };

    it_answer_free(&a);
    CU_ASSERT(it_until(SEEN_MS, is_found, &warm)); /* the topic is known by now */
    it_answer_free(&warm.found);
    a = it_post(&w.producer, "{\"animal\":\"capybara\",\"seen\":{\"river\":\"Paraguay\"}}", "/produce/%s/k", want.topic);
    CU_ASSERT(it_until(LIVE_MS, is_found, &want));
    CU_ASSERT_STRING_EQUAL(first(&want.found, "results", "topic"), want.topic);
    CU_ASSERT_EQUAL(first_number(&want.found, "results", "partition"), it_number(&a, "partition"));
    CU_ASSERT_EQUAL(first_number(&want.found, "results", "offset"), it_number(&a, "offset"));
    CU_ASSERT_STRING_EQUAL(first(&want.found, "results", "message_id"), it_text(&a, "id"));
    CU_ASSERT_PTR_NOT_NULL(strstr(first(&want.found, "results", "text"), "seen.river: Paraguay"));
    it_answer_free(&want.found);
    it_answer_free(&a);
}

static bool learns(const struct it_answer *a, const char *topic)
{
    json_t *row;
    size_t i;

    json_array_foreach(json_object_get(a->json, "topics"), i, row)
        if (!strcmp(json_string_value(json_object_get(row, "topic")), topic))
            return json_is_true(json_object_get(row, "chosen"));
    return false;
}

static bool chosen_alone(void *ctx)
{
    struct it_answer a = it_get(&w.seer, "/topics");
    bool alone = learns(&a, ctx) && !learns(&a, it_topic(&w, "live"));

    it_answer_free(&a);
    return alone;
}

static void chosen_topics_are_learnt_from_their_beginning_and_others_no_more(void)
{
    const char *topic = it_topic(&w, "chosen");
    struct wanted before = { .words = "armadillo", .topic = topic };
    char body[256];
    struct it_answer a;

    snprintf(body, sizeof body, "{\"topics\":[\"%s-elsewhere\"]}", w.name);
    a = it_post(&w.seer, body, "/topics"); /* so that the message comes while nobody reads its topic */
    CU_ASSERT_EQUAL(a.status, 200);
    it_answer_free(&a);
    a = it_post(&w.producer, "an armadillo was here before", "/produce/%s/k", topic);
    CU_ASSERT_EQUAL(a.status, 200);
    it_answer_free(&a);
    snprintf(body, sizeof body, "{\"topics\":[\"%s\"],\"from\":\"beginning\"}", topic);
    a = it_post(&w.seer, body, "/topics");
    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT_STRING_EQUAL(it_text(&a, "learning"), "chosen");
    it_answer_free(&a);
    CU_ASSERT(it_until(SEEN_MS, chosen_alone, (void *)(uintptr_t)topic));
    CU_ASSERT(it_until(SEEN_MS, is_found, &before));
    it_answer_free(&before.found);
}

/* ---- Kafka ---- */

static char own_topic[64];

static const char *own(const char *name)
{
    snprintf(own_topic, sizeof own_topic, "%s.%s", w.name, name);
    return own_topic;
}

static json_t *answers(struct it_answer *a)
{
    *a = it_get(&w.steward, "/topics/%s/messages?from=beginning&limit=100", own("answer"));
    return json_object_get(a->json, "messages");
}

static bool answered(void *ctx)
{
    struct it_answer a;
    bool there = json_array_size(answers(&a)) >= *(size_t *)ctx;

    it_answer_free(&a);
    return there;
}

static const char *header_of(json_t *message, const char *name)
{
    json_t *row;
    size_t i;

    json_array_foreach(json_object_get(message, "headers"), i, row)
        if (!strcmp(json_string_value(json_object_get(row, "name")), name))
            return json_string_value(json_object_get(row, "value"));
    return "";
}

static void a_statement_and_a_question_over_kafka_make_one_answer_with_its_id_and_key(void)
{
    struct it_answer a = it_post(&w.producer, "{\"text\":\"The night train to Bucharest carries a saloon car.\",\"title\":\"Trains\"}", "/produce/%s/k", own("statement")), found;
    struct wanted statement = { .words = "saloon", .topic = "" };
    size_t one = 1;
    json_t *rows;

    it_answer_free(&a);
    CU_ASSERT(it_until(SEEN_MS, is_found, &statement));
    it_answer_free(&statement.found);
    a = it_post(&w.producer, "Which train carries a saloon car?", "/produce/%s/passenger", own("question"));
    CU_ASSERT(it_until(SEEN_MS, answered, &one));
    rows = answers(&found);
    CU_ASSERT_EQUAL(json_array_size(rows), 1);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(json_array_get(rows, 0), "key")), "passenger");
    CU_ASSERT_STRING_EQUAL(header_of(json_array_get(rows, 0), "question-id"), it_text(&a, "id"));
    CU_ASSERT_PTR_NOT_NULL(strstr(json_string_value(json_object_get(json_array_get(rows, 0), "value")), "Bucharest"));
    it_answer_free(&found);
    it_answer_free(&a);
}

/* ---- the command line ---- */

/* What kafkloud-seer says with these arguments; its exit code in *code. */
static const char *cli(int *code, const char *format, ...) __attribute__((format(printf, 2, 3)));
static const char *cli(int *code, const char *format, ...)
{
    static char out[4096];
    char command[1024];
    size_t n = (size_t)snprintf(command, sizeof command, "cd %s && SEER_URL=http://127.0.0.1:%d %s/kafkloud-seer ", w.dir, w.seer.port, getenv("IT_BIN"));
    va_list args;
    FILE *f;

    va_start(args, format);
    n += (size_t)vsnprintf(command + n, sizeof command - n, format, args);
    va_end(args);
    snprintf(command + n, sizeof command - n, " 2>&1");
    f = popen(command, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    out[fread(out, 1, sizeof out - 1, f)] = '\0';
    *code = pclose(f);
    return out;
}

static void the_command_line_does_the_same_with_a_service_and_with_an_index_of_its_own(void)
{
    static const char *const targets[] = { "", "--index own.db --model-dir nowhere" };

    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        int code;
        const char *out = cli(&code, "%s -v -a 'The otter lives below the weir.' -l keepers.txt -q 'Where does the otter live?'", targets[i]);

        CU_ASSERT_EQUAL(code, 0);
        CU_ASSERT_PTR_NOT_NULL(strstr(out, "statement accepted: "));
        CU_ASSERT_PTR_NOT_NULL(strstr(out, "keepers.txt: 1 passages\n"));
        CU_ASSERT_PTR_NOT_NULL(strstr(out, "\nThe otter lives below the weir.\n  statement, line 1"));
        CU_ASSERT_PTR_NOT_NULL(strstr(out, "confidence"));
        out = cli(&code, "%s -l not-there.txt -q nothing", targets[i]);
        CU_ASSERT_NOT_EQUAL(code, 0);
        CU_ASSERT_PTR_NOT_NULL(strstr(out, "not-there.txt: No such file"));
    }
}

static void the_command_line_names_what_is_wrong(void)
{
    int code;

    CU_ASSERT_PTR_NOT_NULL(strstr(cli(&code, "-q"), "usage: "));
    CU_ASSERT_PTR_NOT_NULL(strstr(cli(&code, "-q x -x y"), "-x is not known"));
    CU_ASSERT_EQUAL(WEXITSTATUS(code), 64);
    CU_ASSERT_PTR_NOT_NULL(strstr(cli(&code, "--index index.db -q x"), "another process holds"));
    CU_ASSERT_PTR_NOT_NULL(strstr(cli(&code, "--url http://127.0.0.1:1 -q x"), "nobody listens at"));
    CU_ASSERT_PTR_NOT_NULL(strstr(cli(&code, "-a ''"), "400: the statement is empty"));
}

/* ---- wrong input ---- */

static const struct door { const char *method, *headers, *body, *path, *field; int status; int64_t limit; } doors[] = {
    { "POST", NULL, "", "/accept", "", 400 },
    { "POST", NULL, " \n ", "/accept", "", 400 },
    { "POST", NULL, "bin\x01" "ary", "/accept", "", 400 },
    { "POST", NULL, "\xff\xfe", "/accept", "", 400 },
    { "POST", NULL, "x", "/accept?titel=x", "titel", 400 },
    { "POST", NULL, "", "/load", "", 400 },
    { "POST", NULL, "../keepers.txt", "/load", "", 400 },
    { "POST", NULL, "a/../keepers.txt", "/load", "", 400 },
    { "POST", NULL, "/etc/passwd", "/load", "", 400 },
    { "POST", NULL, "link.txt", "/load", "", 400 },
    { "POST", NULL, "linked/passwd", "/load", "", 400 },
    { "POST", NULL, "nothing.txt", "/load", "", 400 },
    { "POST", NULL, "large.txt", "/load", "", 400 },
    { "PUT", NULL, "x", "/documents", "source", 400 },
    { "PUT", NULL, "\x89PNG\r\n\x1a\n", "/documents?source=a.txt", "", 400 },
    { "PUT", NULL, "caf\xe9", "/documents?source=a.txt", "", 400 },
    { "PUT", "Content-Type: image/png", "x", "/documents?source=a", "", 415 },
    { "PUT", "Content-Type: application/json", "{\"a\":", "/documents?source=a.json", "", 400 },
    { "PUT", "Content-Type: multipart/form-data", "x", "/documents", "Content-Type", 400 },
    { "PUT", "Content-Length: 1000000000", "", "/documents?source=a.txt", "body", 413, 256 * 1024 },
    { "GET", NULL, NULL, "/documents?kind=book", "kind", 400 },
    { "GET", NULL, NULL, "/documents?limit=0", "limit", 400 },
    { "GET", NULL, NULL, "/documents?limit=1001", "limit", 400, 1000 },
    { "GET", NULL, NULL, "/documents/first", "id", 400 },
    { "GET", NULL, NULL, "/documents/999999999", "id", 404 },
    { "GET", NULL, NULL, "/documents/1?from=5&to=4", "to", 400 },
    { "GET", NULL, NULL, "/documents/1?from=0&to=100001", "to", 400, 100000 },
    { "GET", NULL, NULL, "/search", "q", 400 },
    { "GET", NULL, NULL, "/search?q=%20", "q", 400 },
    { "GET", NULL, NULL, "/search?q=%ff", "q", 400 },
    { "GET", NULL, NULL, "/search?q=x&k=0", "k", 400 },
    { "GET", NULL, NULL, "/search?q=x&k=101", "k", 400, 100 },
    { "GET", NULL, NULL, "/search?q=x&mode=magic", "mode", 400 },
    { "GET", NULL, NULL, "/search?q=x&since=yesterday", "since", 400 },
    { "GET", NULL, NULL, "/search?q=x&topic=no-such-topic", "topic", 404 },
    { "GET", NULL, NULL, "/search?q=x&topic=a%2Fb", "topic", 400 },
    { "POST", NULL, "", "/ask", "q", 400 },
    { "POST", "Content-Type: application/json", "{\"question\":1}", "/ask", "question", 400 },
    { "POST", "Content-Type: application/json", "{\"k\":3}", "/ask", "question", 400 },
    { "POST", "Content-Type: application/json", "{\"question\":\"x\",\"top\":3}", "/ask", "top", 400 },
    { "POST", NULL, "{", "/topics", "", 400 },
    { "POST", NULL, "{\"topics\":[]}", "/topics", "topics", 400 },
    { "POST", NULL, "{\"topics\":[\"a b\"]}", "/topics", "topics", 400 },
    { "POST", NULL, "{\"topics\":[\"^(\"]}", "/topics", "topics", 400 },
    { "POST", NULL, "{\"topics\":\"all\",\"from\":\"now\"}", "/topics", "from", 400 },
    { "POST", "Origin: http://evil.example", "x", "/accept", "Origin", 403 },
};

static void expect(const struct door *d)
{
    struct it_answer a = it_call(&w.seer, d->method, d->headers, d->body, d->body ? strlen(d->body) : 0, "%s", d->path);
    int64_t limit = it_number(&a, "limit");
    bool good = a.status == d->status && !strcmp(it_text(&a, "field"), d->field) && (!d->limit || limit == d->limit) && *it_text(&a, "detail");

    if (!good)
        printf("    %s %s %s: %d %s\n", d->method, d->path, d->body ? d->body : "", a.status, a.body ? a.body : "");
    CU_ASSERT(good);
    it_answer_free(&a);
}

static void wrong_input_gets_its_clear_error_on_every_door(void)
{
    static char large[300 * 1024];
    char link_path[256];

    memset(large, 'a', sizeof large);
    put_file("large.txt", large, sizeof large);
    snprintf(link_path, sizeof link_path, "%s/link.txt", w.dir);
    CU_ASSERT_EQUAL(symlink("/etc/passwd", link_path), 0);
    snprintf(link_path, sizeof link_path, "%s/linked", w.dir);
    CU_ASSERT_EQUAL(symlink("/etc", link_path), 0);
    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++)
        expect(&doors[i]);
}

static void the_syntax_of_the_words_index_is_plain_text_in_a_question(void)
{
    static const char *const questions[] = { "%22", "%22gasket", "gasket%20AND", "NEAR(gasket,%203)", "text:gasket", "*", "gasket*", "(", "-gasket", "%5Egasket", "%7B%7D", "OR%20OR", "';--" };

    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        struct it_answer a = it_get(&w.seer, "/search?q=%s", questions[i]);

        CU_ASSERT_EQUAL(a.status, 200);
        it_answer_free(&a);
    }
    CU_ASSERT(finds("text:gasket", "stock.csv"));
    CU_ASSERT(finds("gasket%20AND", "stock.csv"));
}

KL_TESTS_WITH("seer", begin, end, T(files_of_every_form_are_found_in_the_place_that_is_told),
              T(an_answer_is_a_sentence_of_its_source_and_what_is_not_there_is_not_invented),
              T(events_tell_a_loads_progress_and_an_answers_sources_first),
              T(what_replaces_a_document_hides_it_and_what_is_deleted_is_gone_at_once),
              T(each_file_of_a_form_is_a_document_and_a_bad_one_fails_alone), T(everything_is_there_after_a_restart),
              T(a_message_is_found_with_its_place_within_a_second_of_its_acknowledgement),
              T(chosen_topics_are_learnt_from_their_beginning_and_others_no_more),
              T(a_statement_and_a_question_over_kafka_make_one_answer_with_its_id_and_key),
              T(the_command_line_does_the_same_with_a_service_and_with_an_index_of_its_own), T(the_command_line_names_what_is_wrong), T(wrong_input_gets_its_clear_error_on_every_door),
              T(the_syntax_of_the_words_index_is_plain_text_in_a_question))
