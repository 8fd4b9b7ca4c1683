/* The table of commands: parsing, help and man page are read from it. */
#include "cli/cli.h"

#define OPTION_HELP                                                                                \
    {                                                                                              \
        "help", 'h', NULL, "show this help"                                                        \
    }
#define OPTION_END                                                                                 \
    {                                                                                              \
        NULL, 0, NULL, NULL                                                                        \
    }
#define OPTION_MODELS                                                                              \
    {                                                                                              \
        "models", 0, "DIR", "where the models are (else $RETORT_MODELS, else beside the program)"  \
    }
#define OPTION_DB                                                                                  \
    {                                                                                              \
        "db", 'd', "DB", "the review file (default retort.db)"                                     \
    }
#define OPTION_QUIET                                                                               \
    {                                                                                              \
        "quiet", 'q', NULL, "no progress, no table"                                                \
    }

static const struct cli_option TRAIN[] = {
    {"task", 't', "NAME", "stance, reply, tone: their recipes; any other: the general recipe"},
    {"output", 'o', "MODEL", "the model file to write"},
    {"seed", 0, "N", "of the folds and the solver (default 1)"},
    {"folds", 0, "N", "of the cross-validation (default 5)"},
    {"min-df", 0, "N", "an n-gram stands in at least N examples (default 5)"},
    {"cost", 'C', "C", "the SVM's C (default: chosen by cross-validation)"},
    {"solver", 0, "NAME", "auto, libsvm or liblinear (auto: libsvm up to 10,000 examples)"},
    {"sure-error", 0, "RATE", "goal for the error among sure decisions (default 0.10)"},
    {"threads", 0, "N", "processes at once (default: one a processor)"},
    OPTION_QUIET,
    OPTION_HELP,
    OPTION_END,
};

static const struct cli_option EVAL[] = {
    {"model", 'm', "MODEL", "the model file to measure"},
    {"json", 0, NULL, "figures as one JSON object"},
    {"items", 0, NULL, "one JSON line an item: id, label, margins, p"},
    OPTION_QUIET,
    OPTION_HELP,
    OPTION_END,
};

static const struct cli_option MODEL[] = {
    {"words", 0, "N", "show the N heaviest features of each label (default 20)"},
    {"json", 0, NULL, "show the card as JSON"},
    OPTION_MODELS,
    OPTION_HELP,
    OPTION_END,
};

static const struct cli_option HELP[] = {
    {"man", 0, NULL, "print the man page (roff)"},
    OPTION_HELP,
    OPTION_END,
};

static const struct cli_option VERSION[] = {OPTION_HELP, OPTION_END};

const struct cli_command CLI_COMMANDS[] = {
    {"train", "DATA.jsonl...", "make a model from labelled lines",
     "Lines are {\"id\",\"text\",\"label\"}: label is a string, or a list for tasks where several "
     "labels may hold at once. Optional: target, parent_text, article_text, group (folds never "
     "split one), asked (the labels this item was annotated for). The same data and seed give the "
     "same file, bit for bit.",
     TRAIN, cli_train},
    {"eval", "DATA.jsonl...", "measure a model on labelled lines",
     "Reads the lines that train reads. With --items the prediction is given even when unsure; "
     "margins and p cover every label.",
     EVAL, cli_eval},
    {"model", "show|verify|list [FILE...]", "show, verify or list model files",
     "show prints a model's card: data, recipe, measured figures, heaviest features. verify opens "
     "and checks it. list names the models that label would use.",
     MODEL, cli_model},
    {"help", "[COMMAND]", "show help", "Without a command: the list of commands.", HELP, cli_help},
    {"version", NULL, "show the version", "Prints the version of retort.", VERSION, cli_version},
    {0},
};
