#include <libxml/HTMLparser.h>
#include <string.h>

#include "extract_internal.h"

/* libxml2 calls as it reads (SAX), so that a page needs no memory but its text's. */
struct page {
    struct kl_buf *text;
    int            skipped;  /* how many open elements are of those whose content is no text */
    int            pre;      /* how many keep their white space */
    bool           space;    /* white space was read and not yet written */
};

enum effect { SKIP = 1, BLOCK, LINE, CELL, PRE };

/* What an element does to the text; the others (em, a, span, ...) stand inside of a line. */
static const struct element { const char *name; enum effect effect; } elements[] = {
    { "script", SKIP },  { "style", SKIP },   { "noscript", SKIP }, { "template", SKIP }, { "svg", SKIP },    { "math", SKIP },
    { "iframe", SKIP },  { "object", SKIP },  { "title", BLOCK },   { "p", BLOCK },       { "div", BLOCK },   { "h1", BLOCK },
    { "h2", BLOCK },     { "h3", BLOCK },     { "h4", BLOCK },      { "h5", BLOCK },      { "h6", BLOCK },    { "ul", BLOCK },
    { "ol", BLOCK },     { "dl", BLOCK },     { "table", BLOCK },   { "section", BLOCK }, { "article", BLOCK }, { "header", BLOCK },
    { "footer", BLOCK }, { "main", BLOCK },   { "nav", BLOCK },     { "aside", BLOCK },   { "body", BLOCK },  { "blockquote", BLOCK },
    { "figure", BLOCK }, { "figcaption", BLOCK }, { "form", BLOCK }, { "fieldset", BLOCK }, { "address", BLOCK }, { "hr", BLOCK },
    { "details", BLOCK }, { "summary", BLOCK }, { "center", BLOCK }, { "caption", BLOCK }, { "li", LINE },    { "dt", LINE },
    { "dd", LINE },      { "tr", LINE },      { "br", LINE },       { "option", LINE },   { "legend", LINE }, { "td", CELL },
    { "th", CELL },      { "pre", PRE },      { "textarea", PRE },
};

static enum effect effect_of(const xmlChar *name)
{
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
        if (xmlStrcasecmp(name, (const xmlChar *)elements[i].name) == 0)
            return elements[i].effect;
    }
    return 0;
}

static void new_line(struct kl_buf *text)
{
    while (text->len > 0 && text->data[text->len - 1] == ' ')
        kl_buf_cut(text, text->len - 1);
    if (text->len > 0 && text->data[text->len - 1] != '\n')
        kl_buf_addc(text, '\n');
}

/* What stands before and behind an element's content. */
static void border(struct page *p, enum effect effect)
{
    if (p->skipped || !effect)
        return;
    if (effect == CELL) {
        p->space = true;
        return;
    }
    p->space = false;
    if (effect == LINE)
        new_line(p->text);
    else
        extract_paragraph(p->text);
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar **attributes)
{
    struct page *p = ctx;
    enum effect effect = effect_of(name);

    (void)attributes;
    border(p, effect == SKIP ? 0 : effect);
    p->skipped += effect == SKIP;
    p->pre += effect == PRE;
}

static void on_end(void *ctx, const xmlChar *name)
{
    struct page *p = ctx;
    enum effect effect = effect_of(name);

    p->skipped -= effect == SKIP && p->skipped > 0;
    p->pre -= effect == PRE && p->pre > 0;
    border(p, effect == SKIP ? 0 : effect);
}

static bool is_white(xmlChar c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Runs of white space become one space, at a line's beginning none. */
static void on_text(void *ctx, const xmlChar *text, int len)
{
    struct page *p = ctx;

    if (p->skipped)
        return;
    if (p->pre) {
        extract_value(p->text, (const char *)text, (size_t)len);
        return;
    }
    for (int i = 0; i < len; i++) {
        if (is_white(text[i])) {
            p->space = true;
            continue;
        }
        if (p->space && p->text->len > 0 && p->text->data[p->text->len - 1] != '\n')
            kl_buf_addc(p->text, ' ');
        p->space = false;
        extract_value(p->text, (const char *)text + i, 1);
    }
}

enum kl_code extract_html(const char *body, size_t len, struct kl_buf *text, struct kl_error *err)
{
    struct page page = { .text = text };
    htmlSAXHandler handler = { .startElement = on_start, .endElement = on_end, .characters = on_text, .cdataBlock = on_text, .ignorableWhitespace = on_text };
    htmlParserCtxtPtr parser;

    if (len == 0)
        return KL_OK;
    /* libxml2's lengths are ints; a body is far shorter (DOCUMENT_MAX_BYTES). */
    if (len > INT32_MAX)
        return kl_fail_limit(err, KL_TOO_LARGE, "", INT32_MAX, "more than %d bytes of HTML", INT32_MAX);
    parser = htmlCreatePushParserCtxt(&handler, &page, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
    if (!parser)
        return kl_fail(err, KL_BUSY, "no memory to read HTML");
    htmlCtxtUseOptions(parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
    htmlParseChunk(parser, body, (int)len, 0);
    htmlParseChunk(parser, "", 0, 1);
    htmlFreeParserCtxt(parser);
    while (text->len > 0 && strchr(" \n", text->data[text->len - 1]))
        kl_buf_cut(text, text->len - 1);
    return KL_OK;
}
