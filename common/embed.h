/* embed.h - a file's bytes in the binary. KL_EMBED(openapi, "openapi.json") defines `openapi` and `openapi_end`;
 * the path is relative to the directory the compiler runs in, which is the component's. */
#ifndef KL_EMBED_H
#define KL_EMBED_H

#define KL_EMBED(name, path)                                              \
    __asm__(".section .rodata\n.global " #name "\n" #name ":\n"           \
            ".incbin \"" path "\"\n.global " #name "_end\n" #name "_end:\n" \
            ".byte 0\n.previous\n");                                       \
    extern const char name[], name##_end[]

#endif
