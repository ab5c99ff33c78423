/* Any bytes become words of a vocabulary's pieces, as many as the longest word has characters at most.
 * sources: seer/wordpiece.c
 */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "seer/wordpiece.h"

static const char vocabulary[] = "[UNK]\na\nb\nab\n##a\n##b\n##bab\n\xc3\xa9\ne\n##e\n\xe4\xba\xac\n!\n##\xc3\x9f\n";

static struct wordpiece *open_vocabulary(void)
{
    struct wordpiece *w;
    char name[32];
    int fd = memfd_create("vocabulary", MFD_CLOEXEC);

    kl_assert(fd >= 0 && write(fd, vocabulary, sizeof vocabulary - 1) == sizeof vocabulary - 1);
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    kl_assert(wordpiece_open(&w, name, NULL) == KL_OK);
    close(fd);
    return w;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct wordpiece *w;
    struct wordpieces it;
    size_t words = 0;

    if (!w)
        w = open_vocabulary();
    wordpieces_begin(&it, w, (const char *)data, len);
    while (wordpieces_next(&it)) {
        kl_assert(it.count <= WORDPIECE_WORD_CHARS);
        for (size_t i = 0; i < it.count; i++)
            kl_assert(it.ids[i] >= 0 && (size_t)it.ids[i] < wordpiece_count(w));
        words++;
    }
    kl_assert(words <= 2 * len); /* a character's parts are at most two words a byte */
    return 0;
}
