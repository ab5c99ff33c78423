/* expect.h - what a question asks for, as far as its words tell, and whether a sentence has such a thing. English. Pure. */
#ifndef EXPECT_H
#define EXPECT_H

#include <stdbool.h>
#include <stddef.h>

enum expect { EXPECT_ANYTHING, EXPECT_NUMBER, EXPECT_TIME, EXPECT_PERSON, EXPECT_REASON, EXPECT_MEANING };

enum expect expect_of(const char *question, size_t len);

/* Does the sentence have it? A person is a name that the question does not have. true for EXPECT_ANYTHING. */
bool expect_met(enum expect what, const char *question, size_t question_len, const char *sentence, size_t len);

#endif
