/* made: labelled lines made up from a seed, and the parts of a training run over them. */
#ifndef TESTS_TRAIN_MADE_H
#define TESTS_TRAIN_MADE_H

#include "train/parts.h"

extern char made_directory[64], made_data[96], made_model[96];

/* A fixture: an empty directory, and its end with what the tests wrote. */
void made_begin(void);
void made_end(void);
/* n lines of favor, against, none; one word in five tells. lists: several labels a line. */
void made_write(size_t n, bool lists);

/* A data set with its matrix, as a run has them. */
struct made {
    struct retort_dataset dataset;
    struct retort_recipe recipe;
    struct retort_method method;
    struct retort_matrix matrix;
    struct retort_problem *problem;
};
extern const char MADE_RECIPE[];
/* Of the lines that stand in made_data. */
void made_build(struct made *made, const char *recipe);
void made_release(struct made *made);

#endif
