#include "ports.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include "table.h"
#include "test.h"
#include "test_port.h"
#include "test_stack.h"

/* A listener of ours on a port of the kernel's choice. */
static int listen_somewhere(const char *address, int64_t *port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    socklen_t len = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    inet_pton(AF_INET, address, &a.sin_addr);
    CU_ASSERT_EQUAL_FATAL(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    CU_ASSERT_EQUAL_FATAL(listen(fd, 1), 0);
    getsockname(fd, (struct sockaddr *)&a, &len);
    *port = ntohs(a.sin_port);
    return fd;
}

static struct stack_conf free_ports(void)
{
    return (struct stack_conf){ .kafka_port = test_port(), .producer_port = test_port(), .consumer_port = test_port(),
                                .steward_port = test_port(), .portal_port = test_port(), .seer_port = test_port() };
}

static bool check(const struct stack_conf *conf, char *said, size_t size)
{
    struct kl_buf complaints;
    bool good;

    kl_buf_init(&complaints, 4096);
    good = ports_check(conf, &complaints);
    snprintf(said, size, "%s", complaints.data ? complaints.data : "");
    kl_buf_fini(&complaints);
    return good;
}

static void free_ports_are_no_complaint(void)
{
    struct stack_conf conf = free_ports();
    char said[4096];

    CU_ASSERT(check(&conf, said, sizeof said));
    CU_ASSERT_STRING_EQUAL(said, "");
}

static void a_taken_port_is_named_with_its_setting_and_who_has_it(void)
{
    struct stack_conf conf = free_ports();
    int fd = listen_somewhere("0.0.0.0", &conf.consumer_port);
    char said[4096], wanted[256];

    CU_ASSERT(!check(&conf, said, sizeof said));
    snprintf(wanted, sizeof wanted, "consumer: port %d of 127.0.0.1 is taken by process %d (ports_test); choose another with CONSUMER_PORT=PORT\n",
             (int)conf.consumer_port, (int)getpid());
    CU_ASSERT_STRING_EQUAL(said, wanted);
    close(fd);
}

/* The portal would take any other listener there for ours, and show somebody else's cluster. */
static void the_port_of_each_service_is_looked_at(void)
{
    const struct service *s;

    for (s = services; s->name; s++) {
        struct stack_conf conf = free_ports();
        int fd = listen_somewhere("127.0.0.1", (int64_t *)((char *)&conf + s->port_at));
        char said[4096];

        CU_ASSERT(!check(&conf, said, sizeof said));
        CU_ASSERT_PTR_NOT_NULL(strstr(said, s->name));
        CU_ASSERT_PTR_NOT_NULL(strstr(said, s->port_setting));
        close(fd);
    }
}

static void the_controllers_port_is_looked_at_too(void)
{
    struct stack_conf conf = free_ports();
    int64_t port;
    int fd = listen_somewhere("127.0.0.2", &port);
    char said[4096];

    while (!port_is_free("127.0.0.1", port - 1) || port - 1 == conf.producer_port || port - 1 == conf.consumer_port || port - 1 == conf.steward_port ||
           port - 1 == conf.seer_port || port - 1 == conf.portal_port) {
        close(fd);
        fd = listen_somewhere("127.0.0.2", &port);
    }
    conf.kafka_port = port - 1;
    CU_ASSERT(!check(&conf, said, sizeof said));
    CU_ASSERT_PTR_NOT_NULL(strstr(said, "of 127.0.0.2 is taken"));
    CU_ASSERT_PTR_NOT_NULL(strstr(said, "KAFKA_PORT="));
    close(fd);
}

static void a_port_given_twice_is_named_with_both_settings(void)
{
    struct stack_conf conf = free_ports();
    char said[4096];

    conf.portal_port = conf.producer_port;
    CU_ASSERT(!check(&conf, said, sizeof said));
    CU_ASSERT_EQUAL(strncmp(said, "PRODUCER_PORT and PORTAL_PORT are both ", 39), 0);
}

static void kafkas_port_may_be_anybodys_when_the_cluster_is(void)
{
    struct stack_conf conf = free_ports();
    int fd = listen_somewhere("127.0.0.1", &conf.kafka_port);
    char said[4096];

    conf.bootstrap_servers = "elsewhere:9092";
    CU_ASSERT(check(&conf, said, sizeof said));
    close(fd);
}

KL_TESTS("ports", T(free_ports_are_no_complaint), T(a_taken_port_is_named_with_its_setting_and_who_has_it), T(the_port_of_each_service_is_looked_at),
         T(the_controllers_port_is_looked_at_too), T(a_port_given_twice_is_named_with_both_settings),
         T(kafkas_port_may_be_anybodys_when_the_cluster_is))
