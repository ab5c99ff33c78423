/* media_type.h - a file's media type by the end of its name. Thread-safe. */
#ifndef MEDIA_TYPE_H
#define MEDIA_TYPE_H

/* The value for Content-Type; NULL: the name has no ending that we know. */
const char *media_type(const char *name);

#endif
