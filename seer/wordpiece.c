/* wordpiece.c - the vocabulary as a hash table over the file's bytes, and the iterator that normalises while it reads.
 *
 * A text passes in one go, without a normalised copy: each character becomes none, one or a few (its letter without the
 * accents), each of those is a space, stands alone, or lengthens the word; a word that ends is cut into pieces. */
#include "wordpiece.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define VOCABULARY_BYTES_MAX (64 << 20)
#define CONTINUES "##"

struct piece {
    uint32_t at;        /* in the file's bytes, behind the "##" */
    uint32_t len : 31;
    uint32_t continues : 1;
};

struct wordpiece {
    char         *bytes;   /* of the file */
    struct piece *pieces;
    size_t        count, longest;
    int32_t      *slots;   /* of a hash table: a piece's number, or -1; never more than half full */
    size_t        mask;
};

/* ---- the vocabulary -------------------------------------------------------------------------------------------- */

/* FNV-1a, a byte at a time, so that the hashes of all beginnings of a word come out of one pass. */
static uint32_t hash_begin(bool continues) { return continues ? 0x9747b28cu : 2166136261u; }
static uint32_t hash_add(uint32_t hash, unsigned char c) { return (hash ^ c) * 16777619u; }

static uint32_t hash_of(const char *text, size_t len, bool continues)
{
    uint32_t hash = hash_begin(continues);

    for (size_t i = 0; i < len; i++)
        hash = hash_add(hash, (unsigned char)text[i]);
    return hash;
}

/* The slot that holds the piece, or the empty one where it would be. */
static size_t slot_of(const struct wordpiece *w, uint32_t hash, const char *text, size_t len, bool continues)
{
    size_t at = (hash ^ hash >> 15) & w->mask;

    for (; w->slots[at] >= 0; at = (at + 1) & w->mask) {
        const struct piece *p = &w->pieces[w->slots[at]];
        if (p->len == len && p->continues == continues && memcmp(w->bytes + p->at, text, len) == 0)
            break;
    }
    return at;
}

static void add_piece(struct wordpiece *w, const char *line, size_t len)
{
    bool continues = len > 2 && memcmp(line, CONTINUES, 2) == 0;
    size_t skip = continues ? 2 : 0, slot;
    struct piece *p = &w->pieces[w->count];

    *p = (struct piece){ .at = (uint32_t)(line + skip - w->bytes), .len = (uint32_t)(len - skip) & 0x7fffffff, .continues = continues };
    slot = slot_of(w, hash_of(line + skip, len - skip, continues), line + skip, len - skip, continues);
    w->slots[slot] = (int32_t)w->count++;
    if (p->len > w->longest)
        w->longest = p->len;
}

static size_t count_lines(const char *bytes, size_t len)
{
    size_t lines = 0;

    for (const char *at = bytes, *nl; (nl = memchr(at, '\n', len - (size_t)(at - bytes))); at = nl + 1)
        lines++;
    return lines + (len > 0 && bytes[len - 1] != '\n');
}

static bool make_room(struct wordpiece *w, size_t lines)
{
    size_t slots = 16;

    while (slots < 2 * lines)
        slots *= 2;
    w->mask = slots - 1;
    w->pieces = calloc(lines, sizeof *w->pieces);
    w->slots = malloc(slots * sizeof *w->slots);
    if (!w->pieces || !w->slots)
        return false;
    memset(w->slots, 0xff, slots * sizeof *w->slots);
    return true;
}

static enum kl_code index_lines(struct wordpiece *w, size_t len, const char *name, struct kl_error *err)
{
    size_t lines = count_lines(w->bytes, len);

    if (lines == 0 || lines > WORDPIECE_VOCABULARY_MAX)
        return kl_fail(err, KL_INVALID, "%s has %zu lines: a vocabulary has 1 to %d", name, lines, WORDPIECE_VOCABULARY_MAX);
    if (!make_room(w, lines))
        return kl_fail(err, KL_BUSY, "no memory for the vocabulary %s", name);
    for (const char *at = w->bytes, *end = w->bytes + len; at < end;) {
        const char *nl = memchr(at, '\n', (size_t)(end - at));
        size_t line_len = (size_t)((nl ? nl : end) - at);
        add_piece(w, at, line_len);
        at += line_len + 1;
    }
    if (wordpiece_find(w, "[UNK]") < 0)
        return kl_fail(err, KL_INVALID, "%s is no vocabulary of word pieces: it lacks [UNK]", name);
    return KL_OK;
}

static enum kl_code read_file(char **out, size_t *len, const char *name, struct kl_error *err)
{
    enum kl_code code = KL_OK;
    FILE *f = fopen(name, "rbe");
    long size;

    if (!f)
        return kl_fail(err, KL_INVALID, "%s: %m", name);
    size = fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
    if (size < 0 || size > VOCABULARY_BYTES_MAX) {
        code = kl_fail(err, KL_INVALID, "%s is no file of at most %d MB", name, VOCABULARY_BYTES_MAX >> 20);
        goto out;
    }
    rewind(f);
    *out = malloc((size_t)size + 1);
    if (!*out) {
        code = kl_fail(err, KL_BUSY, "no memory for %s", name);
        goto out;
    }
    *len = fread(*out, 1, (size_t)size, f);
    if (*len != (size_t)size)
        code = kl_fail(err, KL_INVALID, "%s could not be read", name);
out:
    fclose(f);
    return code;
}

enum kl_code wordpiece_open(struct wordpiece **out, const char *vocabulary, struct kl_error *err)
{
    struct wordpiece *w = calloc(1, sizeof *w);
    size_t len = 0;
    enum kl_code code;

    *out = NULL;
    if (!w)
        return kl_fail(err, KL_BUSY, "no memory for the vocabulary %s", vocabulary);
    code = read_file(&w->bytes, &len, vocabulary, err);
    if (code == KL_OK)
        code = index_lines(w, len, vocabulary, err);
    if (code != KL_OK) {
        wordpiece_close(w);
        return code;
    }
    *out = w;
    return KL_OK;
}

void wordpiece_close(struct wordpiece *w)
{
    if (!w)
        return;
    free(w->bytes);
    free(w->pieces);
    free(w->slots);
    free(w);
}

size_t wordpiece_count(const struct wordpiece *w)
{
    return w->count;
}

int32_t wordpiece_find(const struct wordpiece *w, const char *piece)
{
    bool continues = strncmp(piece, CONTINUES, 2) == 0 && piece[2] != '\0';
    const char *text = piece + (continues ? 2 : 0);
    size_t len = strlen(text);

    return w->slots[slot_of(w, hash_of(text, len, continues), text, len, continues)];
}

/* ---- characters ------------------------------------------------------------------------------------------------ */

enum kind { DROPPED, SPACE, ALONE, IN_WORD };

static bool is_cjk(int32_t c)
{
    static const struct { int32_t from, to; } blocks[] = {
        { 0x3400, 0x4dbf },   { 0x4e00, 0x9fff },   { 0xf900, 0xfaff },   { 0x20000, 0x2a6df },
        { 0x2a700, 0x2b73f }, { 0x2b740, 0x2b81f }, { 0x2b920, 0x2ceaf }, { 0x2f800, 0x2fa1f }, /* as the tokenizer has them */
    };

    for (size_t i = 0; c >= blocks[0].from && i < sizeof blocks / sizeof *blocks; i++)
        if (c >= blocks[i].from && c <= blocks[i].to)
            return true;
    return false;
}

static enum kind kind_beyond_ascii(int32_t c)
{
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_MN: /* an accent */
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CO:
        return DROPPED;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return SPACE;
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO:
        return ALONE;
    default:
        return c == 0xfffd ? DROPPED : is_cjk(c) ? ALONE : IN_WORD;
    }
}

static enum kind kind_of(int32_t c)
{
    if (c >= 0x80)
        return kind_beyond_ascii(c);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))
        return IN_WORD;
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r')
        return SPACE;
    return c < ' ' || c == 0x7f ? DROPPED : ALONE; /* in ASCII the tokenizer takes symbols, as "$" and "<", for punctuation */
}

/* What stands for one character of the text: its letters in lower case, without accents. */
static void decompose(struct wordpieces *it, int32_t c)
{
    utf8proc_int32_t parts[WORDPIECE_CHAR_BYTES];
    utf8proc_ssize_t n = utf8proc_decompose_char(c, parts, WORDPIECE_CHAR_BYTES, UTF8PROC_DECOMPOSE, NULL);

    for (utf8proc_ssize_t i = 0; i < n && i < WORDPIECE_CHAR_BYTES; i++)
        if (kind_of(parts[i]) != DROPPED)
            it->pending[it->pending_count++] = utf8proc_tolower(parts[i]);
}

static void read_char(struct wordpieces *it)
{
    utf8proc_int32_t c;
    utf8proc_ssize_t used;

    it->pending_at = it->pending_count = 0;
    if (*it->at < 0x80) {
        c = *it->at++;
        if (kind_of(c) != DROPPED)
            it->pending[it->pending_count++] = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
        return;
    }
    used = utf8proc_iterate(it->at, it->end - it->at, &c);
    it->at += used > 0 ? used : 1;
    if (used > 0 && kind_of(c) != DROPPED)
        decompose(it, c);
}

/* ---- words ----------------------------------------------------------------------------------------------------- */

/* The longest piece that text begins with; -1: none. */
static int32_t longest_piece(const struct wordpiece *w, const char *text, size_t len, bool continues, size_t *used)
{
    uint32_t hashes[WORDPIECE_WORD_CHARS * WORDPIECE_CHAR_BYTES + 1];
    size_t most = len < w->longest ? len : w->longest;

    hashes[0] = hash_begin(continues);
    for (size_t i = 0; i < most; i++)
        hashes[i + 1] = hash_add(hashes[i], (unsigned char)text[i]);
    for (size_t n = most; n > 0; n--) {
        int32_t id = w->slots[slot_of(w, hashes[n], text, n, continues)];
        if (id >= 0) {
            *used = n;
            return id;
        }
    }
    return -1;
}

/* A word of which one part is unknown is unknown as a whole. */
static void cut_word(struct wordpieces *it)
{
    size_t used;

    it->count = 0;
    for (size_t at = 0; at < it->len; at += used) {
        int32_t id = longest_piece(it->w, it->word + at, it->len - at, at > 0, &used);
        if (id < 0) {
            it->count = 0;
            return;
        }
        it->ids[it->count++] = id;
    }
}

static void add_char(struct wordpieces *it, int32_t c)
{
    it->chars++;
    if (it->chars > WORDPIECE_WORD_CHARS) {
        it->len = 0; /* unknown, however long it gets */
        return;
    }
    if (c < 0x80)
        it->word[it->len++] = (char)c;
    else
        it->len += (size_t)utf8proc_encode_char(c, (utf8proc_uint8_t *)it->word + it->len);
}

void wordpieces_begin(struct wordpieces *it, const struct wordpiece *w, const char *text, size_t len)
{
    it->w = w;
    it->at = (const unsigned char *)text;
    it->end = it->at + len;
    it->pending_at = it->pending_count = 0;
}

bool wordpieces_next(struct wordpieces *it)
{
    it->len = it->chars = 0;
    for (;;) {
        enum kind kind;
        while (it->pending_at == it->pending_count && it->at < it->end)
            read_char(it);
        if (it->pending_at == it->pending_count)
            break;
        kind = kind_of(it->pending[it->pending_at]);
        if (kind != IN_WORD && it->chars > 0)
            break; /* it stays for the next call */
        if (kind != SPACE)
            add_char(it, it->pending[it->pending_at]);
        it->pending_at++;
        if (kind == ALONE)
            break;
    }
    if (it->chars == 0)
        return false;
    cut_word(it);
    return true;
}
