// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * names.h - is it a name that people have?
 *
 * It must not judge shapes (person.c does) or whole columns (columns.c).
 */
#ifndef OUTFLOW_DETECT_NAMES_H
#define OUTFLOW_DETECT_NAMES_H

#include "detect/cell.h"

/*
 * Has the cell a word of names.def: a given or family name in Latin letters,
 * or a Japanese family name, in kanji or kana, with a given name behind it?
 */
bool names_known(const struct cell *c);

/* Is the cell one such word alone? */
bool names_single(const struct cell *c);

/* Is the word (Latin letters, diacritics or not) one? */
bool names_word(struct span word);

/* Is it a word of companies, places and goods, and of no person's name? */
bool names_thing(struct span word);

/* Does the text begin or end as houses and trades of Japan do? */
bool names_house(struct span text);

#endif
