/* The table of commands: parsing, help and man page are read from it. */
#include "cli/intake.h"

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
#define OPTION_THREADS                                                                             \
    {                                                                                              \
        "threads", 0, "N", "threads at once (default: one a processor); the result is the same"    \
    }
#define OPTION_QUIET                                                                               \
    {                                                                                              \
        "quiet", 'q', NULL, "no progress, no table"                                                \
    }

/* What the queue shows, of queue and review. */
#define OPTIONS_VIEW                                                                               \
    {"order", 'o', "ORDER", "worth, severe, unsure, newest, or random: a sample (default worth)"}, \
        {"seed", 0, "N", "of --order random (default 1)"},                                         \
        {"task", 't', "TASK", "only this task's labels"},                                          \
        {"label", 'l', "LABEL", "only comments with this label"},                                  \
        {"page", 'p', "SOURCE", "only comments of this file or page, named as it was labelled"},   \
        {"author", 'a', "NAME", "only comments by this author"},                                   \
        {"search", 's', "WORDS",                                                                   \
         "only comments with these words; a phrase in \"quotes\"; begin*"},                        \
    {                                                                                              \
        "state", 0, "STATE",                                                                       \
            "waiting, decided, changed (otherwise than the model), escalated, skipped or all "     \
            "(default waiting)"                                                                    \
    }

static const struct cli_option SPLIT[] = {
    {"json", 0, NULL, "one JSON object a block"},
    {"lines", 0, NULL, "one JSON object a line"},
    {"format", 'f', "F", INTAKE_FORMATS},
    INTAKE_OPTION_MAX_SIZE,
    INTAKE_OPTION_KEEP_PRIVATE,
    OPTION_MODELS,
    OPTION_QUIET,
    OPTION_HELP,
    OPTION_END,
};

static const struct cli_option LABEL[] = {
    {"db", 'd', "DB", "store pages, comments and labels in this review file"},
    {"json", 0, NULL, "one JSON object a comment, or a line for a line"},
    {"explain", 0, NULL,
     "the words that decided; with --json: all that every margin is the sum of"},
    {"for-import", 0, NULL, "with --json: add what retort import needs to store each line"},
    {"target", 't', "TEXT", "what a stance is toward (else the line's target, else the headline)"},
    {"format", 'f', "F", INTAKE_FORMATS},
    INTAKE_OPTION_MAX_SIZE,
    INTAKE_OPTION_KEEP_PRIVATE,
    OPTION_MODELS,
    OPTION_THREADS,
    OPTION_QUIET,
    OPTION_HELP,
    OPTION_END,
};

static const struct cli_option IMPORT[] = {
    OPTION_DB,
    {"format", 'f', "F",
     "jsonl, doccano, label-studio, convokit, csv, tsv or objects (other people's JSON); default: "
     "as its beginning tells"},
    {"source", 0, "NAME",
     "what the files together are called in the review file, where they don't tell (default -)"},
    {"map", 0, "FIELD=COLUMN,...", "which columns of a table or members of JSON lines are what"},
    {"task", 't', "TASK", "what people's labels are of, where they don't tell"},
    {"reviewer", 'r', "NAME", "whose labels they are, where they don't tell"},
    {"confirmed", 0, NULL, "labels that nobody changed are decisions of theirs, too"},
    INTAKE_OPTION_KEEP_PRIVATE,
    OPTION_MODELS,
    OPTION_QUIET,
    OPTION_HELP,
    OPTION_END,
};

static const struct cli_option QUEUE[] = {
    OPTION_DB,
    {"json", 0, NULL, "one JSON object an item"},
    {"limit", 'n', "N", "at most N items (default 20; 0: all)"},
    OPTIONS_VIEW,
    OPTION_HELP,
    OPTION_END,
};

static const struct cli_option REVIEW[] = {
    OPTION_DB,
    {"reviewer", 'r', "NAME", "who decides (default $USER)"},
    {"limit", 'n', "N", "draw at most N items (default 200; 0: all)"},
    {"sample", 0, "N",
     "what sample N has drawn (see retort sample), in random order; last: the last"},
    OPTIONS_VIEW,
    OPTION_MODELS,
    OPTION_HELP,
    OPTION_END,
};

static const struct cli_option SERVE[] = {
    OPTION_DB,
    {"listen", 0, "ADDR:PORT", "where to listen (default 127.0.0.1:8765; port 0: any free one)"},
    {"reviewer", 'r', "NAME", "who decides until a person says who they are (default $USER)"},
    {"auth-file", 0, "FILE", "who may come in, made by retort user; without: loopback only"},
    {"host", 0, "NAME,...", "more names that are ours, such as a proxy in front has"},
    {"store-analyzed", 0, NULL,
     "keep comments sent to comments:analyze, unless they say doNotStore"},
    OPTION_MODELS,
    OPTION_QUIET,
    OPTION_HELP,
    OPTION_END,
};

static const struct cli_option USER[] = {
    {"auth-file", 0, "FILE", "the file that says who may come in (default retort.auth)"},
    {"role", 0, "ROLE", "reader, reviewer or admin (default reviewer)"},
    OPTION_HELP,
    OPTION_END,
};

static const struct cli_option RELABEL[] = {
    OPTION_DB,
    {"model", 'm', "FILE", "the new model; more may follow as FILE... (else those of --models)"},
    {"where", 'w', "FILTER", "only these: task=,label=,page=,author=,since=,until=,state="},
    OPTION_THREADS,
    {"dry-run", 'n', NULL, "only tell what would change; nothing is written"},
    {"show", 0, "RUN", "tell again what a run has changed"},
    {"top", 0, "N", "labels told that turned over, a task (default 10)"},
    {"against", 0, "PATH", "an old model that is not among those here, or a directory of them"},
    {"json", 0, NULL, "tell it as one JSON object"},
    {"revert", 0, "RUN", "take a run back"},
    {"runs", 0, NULL, "list the runs of the file"},
    OPTION_MODELS,
    {"quiet", 'q', NULL, "no progress; of a run and --revert, no report"},
    OPTION_HELP,
    OPTION_END,
};

static const struct cli_option SAMPLE[] = {
    OPTION_DB,
    {"n", 'n', "N", "how many to draw (all, where fewer wait)"},
    {"task", 't', "TASK", "for which task (default: the only one that is labelled)"},
    {"design", 0, "DESIGN", "uniform, stratified or uncertainty (default uniform)"},
    {"by", 0, "WHAT", "strata: page, or label as the model gave it (default label)"},
    {"allocation", 0, "HOW",
     "to strata in proportion to their size, its root, or equal: proportional, root, equal "
     "(default root)"},
    {"where", 0, "FILTER", "only from these, as of relabel: page=, author=, label=, since=, ..."},
    {"seed", 0, "N", "of the draw (default: its number)"},
    {"reviewer", 'r', "NAME", "who draws (default $USER)"},
    {"dry-run", 0, NULL, "say what would be drawn; store nothing"},
    {"enough", 0, NULL, "draw nothing: say how many decisions more are needed"},
    {"width", 0, "W", "with --enough: of a share's 95 % interval (default 0.1)"},
    {"find", 0, "LABEL", "with --enough: is 95 % of this label found?"},
    {"json", 0, NULL, "as a JSON object"},
    OPTION_HELP,
    OPTION_END,
};

static const struct cli_option PRUNE[] = {
    OPTION_DB,
    {"quiet", 'q', NULL, "no progress, no count"},
    OPTION_HELP,
    OPTION_END,
};

static const struct cli_option FORGET[] = {
    OPTION_DB,
    {"author", 'a', "NAME", "whose comments go; exactly as it stands in the file"},
    {"asked-by", 0, "NAME", "who wants it, for the log (default $USER)"},
    {"dry-run", 'n', NULL, "only tell what would go; nothing is written"},
    {"no-marks", 0, NULL, "keep no mark of the name: a later import may bring it all back"},
    {"readmit", 0, NULL, "with --author: they may come back with the next import"},
    {"json", 0, NULL, "one JSON object a line"},
    {"quiet", 'q', NULL, "no progress"},
    OPTION_HELP,
    OPTION_END,
};

static const struct cli_option EXPORT[] = {
    OPTION_DB,
    {"format", 'f', "F",
     "jsonl, csv, tsv, doccano, label-studio, label-studio-min, label-studio-config, convokit, "
     "libsvm, truth or graphml"},
    {"output", 'o', "FILE|DIR", "where to (default standard output; convokit wants a directory)"},
    {"task", 't', "TASK", "only this task's labels"},
    {"pseudonymise", 0, "KEYFILE",
     "people's names as keyed hashes; the key is made where it is absent"},
    OPTION_MODELS,
    OPTION_HELP,
    OPTION_END,
};

static const struct cli_option DOCTOR[] = {
    OPTION_DB,
    OPTION_MODELS,
    OPTION_HELP,
    OPTION_END,
};

static const struct cli_option TRAIN[] = {
    {"task", 't', "NAME", "what the labels are of; split: the splitter, from pages"},
    {"output", 'o', "MODEL", "the model file to write"},
    {"recipe", 0, "FILE,...|TEXT",
     "features and ways of training; of several files, cross-validation takes the best (default: a "
     "general one; see training/recipes)"},
    {"out-of-fold", 0, "FILE",
     "write there, an example a line: fold; label, margins and p as decided by what never saw its "
     "group"},
    {"base", 0, "MODEL", "a model whose margins are features, too: stack=1 in the recipe"},
    {"base-margins", 0, "FILE", "the base's margins out of fold, for texts it was trained on"},
    {"seed", 0, "N", "of the folds and the solver (default 1)"},
    {"folds", 0, "N", "of the cross-validation (default 5)"},
    {"cost", 'C', "C", "the SVM's C (default: chosen by cross-validation); not of split"},
    {"solver", 0, "NAME",
     "libsvm, liblinear, descent, or auto: libsvm up to 4,000 examples, descent above (default)"},
    {"sure-error", 0, "RATE", "goal for the error among sure decisions (default 0.10)"},
    {"neutralise", 0, "TERM,...",
     "hold the weights of features that contain a term at zero, and print what that changes"},
    {"audit", 0, "FILE", "neutralise: and what it changes in this audit (see retort eval --audit)"},
    {"label", 0, "LABEL", "audit: the label that toxic sentences have (default toxic)"},
    {"prevalence", 0, "LABEL=P",
     "how common labels are in the field (more: LABEL=P,LABEL=P), where the data have more of "
     "them: probabilities and "
     "figures are for that"},
    {"from-reviews", 0, NULL, "learn from what people have decided in the review file"},
    {"db", 'd', "DB", "from-reviews: the review file (default retort.db)"},
    {"with", 0, "FILE", "from-reviews: learn from these labelled lines, too; more may follow"},
    {"current", 0, "MODEL",
     "from-reviews: the model that is in use (default: the task's among the models)"},
    {"models", 0, "DIR", "from-reviews: where the models are"},
    {"passes", 0, "N", "split: over the pages (default 20)"},
    {"leave-out", 0, NULL, "split: also report models that were made without each source"},
    {"report", 0, "FILE", "split: write the measured figures there, as JSON"},
    {"threads", 0, "N", "processes at once (default: one a processor)"},
    OPTION_QUIET,
    OPTION_HELP,
    OPTION_END,
};

static const struct cli_option EVAL[] = {
    {"model", 'm', "MODEL", "the model file to measure"},
    {"json", 0, NULL, "figures as one JSON object"},
    {"by", 0, "MEMBER", "also how often it is right on each value that the lines' MEMBER has"},
    {"map", 0, "FROM=TO,...", "the lines' label FROM is the model's label TO"},
    {"prevalence", 0, "LABEL=P",
     "figures for how common labels are in the field, where the lines have more of them"},
    {"audit", 0, "FILE", "put the terms of FILE into its sentences: does naming them alarm?"},
    {"label", 0, "LABEL", "audit: the label that toxic sentences have (default toxic)"},
    {"items", 0, NULL, "one JSON line an item: id, label, margins, p; of split: a page's figures"},
    {"report", 0, "FILE", "split: write the figures there, as JSON"},
    {"speed", 0, NULL, "split: measure megabytes a second of processor time, too"},
    {"seed", 0, "N", "split: of the resamples that tell the spread (default 1)"},
    OPTION_MODELS,
    OPTION_QUIET,
    OPTION_HELP,
    OPTION_END,
};

static const struct cli_option MODEL[] = {
    {"top", 0, "N", "show what weighs most for each label and against it (default 20; 0: none)"},
    {"words", 0, "N", "show the names of the N heaviest features in their place"},
    {"json", 0, NULL, "show the card as JSON; with --top: the features and their weights"},
    {"plot", 0, "FILE", "show: write a reliability plot of the labels there, as SVG, and no more"},
    OPTION_MODELS,
    OPTION_HELP,
    OPTION_END,
};

static const struct cli_option REPORT[] = {
    OPTION_DB,
    {"by", 0, "WHAT",
     "page, day, week, month, author, depth, place, label:TASK or label:TASK=LABEL"},
    {"task", 0, "TASK", "only this one"},
    {"where", 0, "FILTER", "only these comments: page=SOURCE, from=2026-11-01, … (see above)"},
    {"compare", 0, "FILTER", "these comments …"},
    {"against", 0, "FILTER", "… with these"},
    {"section", 0, "NAME,...",
     "overview, prevalence, polarity, threads, network, comparison, words, transparency"},
    {"scale", 0, "LABEL,...", "a task's labels in their order, the lowest first"},
    {"groups", 0, "N", "show so many groups, the largest (50); the others are one"},
    {"resamples", 0, "N", "replicates behind each interval (1000)"},
    {"seed", 0, "N", "of what is drawn at random (1)"},
    {"json", 0, NULL, "as JSON"},
    {"csv", 0, NULL, "as CSV, a figure a row"},
    {"latex", 0, NULL, "as LaTeX tables"},
    {"html", 0, "FILE", "write a page with plots, for screen and print"},
    {"bib", 0, "FILE", "write the papers that the methods stand on, for BibTeX"},
    {"quiet", 'q', NULL, "no progress"},
    OPTION_HELP,
    OPTION_END,
};

static const struct cli_option HELP[] = {
    {"man", 0, NULL, "print the man page (roff)"},
    OPTION_HELP,
    OPTION_END,
};

static const struct cli_option THREAD[] = {OPTION_MODELS, OPTION_QUIET, OPTION_HELP, OPTION_END};
static const struct cli_option VERSION[] = {OPTION_HELP, OPTION_END};

const struct cli_command CLI_COMMANDS[] = {
    {"split", "FILE...|-", "separate article, comments and furniture",
     "Reads scraped pages and says which lines are the article, which are reader comments, where "
     "each begins and ends and whom it answers, and which are the site's furniture.\n\nA file is a "
     "page of text or HTML, or an archive of pages (WARC, WET); both may be gzipped. Of an "
     "archive, what is no "
     "page "
     "(images, redirections) is passed over; what is damaged is said, the rest is read, and the "
     "exit code is 3.\n\nExports of comment platforms tell their comments, so nothing is guessed: "
     "JSON lines, Disqus XML, WordPress WXR, listings of Reddit's API, Hacker News items and hits "
     "(Algolia), a Discourse topic, a Guardian discussion, a ConvoKit corpus (its directory). "
     "What they say beside stands under meta, save mail and IP addresses, which --keep-private "
     "keeps. One that is cut gives what stands before the cut, and the exit code is 3; a JSON "
     "document that does not parse gives nothing.\n\nWith --json one object a block: role, lines "
     "(from 1, inclusive), bytes "
     "(from 0, end exclusive), text; for comments also their number, parent (0: the article), "
     "and of an archive the page's source. Of an export no lines and bytes, but ids, authors, "
     "times, meta, and the thread's title, url and date with its article; such lines may be read "
     "again.",
     SPLIT, cli_split},
    {"thread", "FILE.jsonl...|-", "find whom each comment answers, its bounds given",
     "Reads JSON lines as retort split --json prints them, or plain comments ({\"text\"}, optional "
     "author) in the order of their page, and gives them back with parent (the number of the "
     "comment answered, from 1; 0: the article) and parent_p, its probability. All other members "
     "stay as they are, byte for byte; lines of furniture pass. For exports that lost their "
     "structure.\n\nA new thread begins with an article behind comments, or where the first of "
     "thread, conversation_id, conversation and source that a line has says something else. A line "
     "that cannot be read is said and left out, and the exit code is 3.",
     THREAD, cli_thread},
    {"label", "FILE...|-", "tag stance and tone of each comment",
     "A page is split and its comments labelled: stance toward the target, reply (agree, disagree, "
     "query, none) toward the comment answered, and tone. What the models do not know they say: "
     "such labels are unsure.\n\nJSON lines ({\"id\",\"text\"}, optional parent_id, parent_text, "
     "article_text, target, author, time) go through as a filter: one line out for each line in, "
     "unknown members untouched; a line that cannot be read leaves {\"error\",\"line\"} in its "
     "place and the exit code is 3, or with --for-import 0: then retort import says it. parent_id "
     "is looked up among the 8,192 lines before, and with -d in the review file, too. A stream may "
     "be of any size; what has come is answered before more is waited for, and the answers are the "
     "same whatever --threads is.\n\n"
     "--explain says which words decided: what each adds to the label's margin, and what the "
     "probability would be without it. With --json under explain, for each task and label: bias, "
     "plus the contributions of words (text and at, the bytes of the comment; or feature, what "
     "stands on no word) in their order, plus rounding, is margin to the last bit; decided holds "
     "the words that weigh most, p_without their label's p for the comment without them.\n\n"
     "Archives and exports are read as retort split reads them; a thread's title and article are "
     "what its comments talk of. With -d, mail and IP addresses are not stored unless "
     "--keep-private is given, and the work is done at a lower priority (nice 10), so that it does "
     "not slow a server of the same file.",
     LABEL, cli_label},
    {"import", "FILE...|DIR|-", "bring in what was exported, labelled or annotated elsewhere",
     "Reads what retort export has written (jsonl, csv, tsv, doccano, label-studio, convokit), "
     "what "
     "annotators' programs made of it, lines that retort label --json --for-import has labelled, "
     "in "
     "any number of shards, and other people's tables, JSON lines and corpora; plain or gzipped. "
     "What a file is, its beginning tells: --format says it where it does not.\n\n"
     "What is there stays as it is: a file that comes twice changes nothing, files may come in any "
     "order and by several imports at once, and an import that was killed is run again. Our own "
     "exports come back as they were, with pages, places, labels of all models, draws and the "
     "history of decisions. Of lines that --for-import has labelled every score comes to the last "
     "bit; labels of other models than those at --models are refused (exit code 4).\n\n"
     "Comments that do not tell their source go under --source; what was stored by retort label "
     "-d is the same comment under the name of its file as it was given there, or - for standard "
     "input. They are known by their id and all that is told with them; of those without an id "
     "that are alike in everything, two in one file are two comments, but one in each of two "
     "files is taken for the same. Mail and IP addresses are left out, unless --keep-private.\n\n"
     "What people said becomes their decisions. Label Studio (full JSON or JSON-MIN): every "
     "annotation, by its user's mail address or number. doccano: labels that were changed, or with "
     "--confirmed all of them, by the name of the file or --reviewer. --task says what labels are "
     "of that do not name their task; in JSON-MIN of others, the member that holds them.\n\n"
     "Tables (csv, tsv, with a line of names) and JSON objects of others: what is called text, "
     "body, "
     "comment, message or the like is the text; id, parent_id, author, time, target, parent_text, "
     "article_text and source are found by such names, too, and what was guessed is said. --map "
     "says it otherwise, as in text=body,author=user; with label=COLUMN (several labels with ; "
     "between them), and reviewer and decided, a column's labels become decisions. All else is "
     "kept "
     "beside the comment. Comments without labels are labelled, where there are models.\n\n"
     "What cannot be read is said and passed over, and the exit code is 3.",
     IMPORT, cli_import},
    {"queue", NULL, "list what waits for a human",
     "The stored comments that no person has decided, the most deserving first; one row a comment, "
     "with the task that ranks it highest. The bars under harm say, in five steps, what it does if "
     "it is left as it is.\n\nworth: what a look is expected to save: the label's "
     "severity (threat 1, identity_attack 0.9, severe_toxic 0.9, toxic 0.6, insult 0.6, obscene "
     "0.4, angry 0.2, sarcastic 0.1, polite 0, other tones 0.3) times the chance that what the "
     "model says of it is wrong, for stance and reply 0.1 times that chance; more where a thread "
     "went on below. severe: what does most harm if it is left as it is: p times the label's "
     "severity. unsure: unsure answers first, the nearest to the border between labels before the "
     "others. newest: last stored, first shown. random: a sample, the same for the same seed. Of "
     "comments that are all but equal, the second comes after all that are the first of their "
     "kind.",
     QUEUE, cli_queue},
    {"review", NULL, "decide one comment at a time",
     "Shows a comment with its thread and the words behind each label; single keys decide, u "
     "undoes, ? shows all keys. Every decision is kept at once; Ctrl-C loses nothing. What is "
     "drawn "
     "for review is stored with the probability with which it was drawn. Without a terminal, keys "
     "are read from standard input.",
     REVIEW, cli_review},
    {"train", "DATA.jsonl...", "make a model from labelled lines, or from decisions",
     "Lines are {\"id\",\"text\",\"label\"}: label is a string, or a list for tasks where several "
     "labels may hold at once. Optional: target, parent_text, article_text, group (folds never "
     "split one), source (for train.sure_by_source), asked (the labels this item was annotated "
     "for), copies (machines learn from it as from so many), counts (what it weighs in calibration "
     "and figures; 0: it is only learned from). The same data and seed give the same file, bit for "
     "bit.\n\n"
     "--from-reviews learns from decisions in force on a task, those of bulks excepted, by the "
     "recipe "
     "of the model in use, and writes a candidate. Comments that were drawn at random (retort "
     "review "
     "--task T --order random) stand for as many as their chance says, the others for themselves, "
     "so "
     "that what the queue likes to show does not bend what is learned; with fewer than 30 drawn "
     "all "
     "count alike, and the bias is named. Candidate and current model are then compared on the "
     "same "
     "decided comments, the candidate out of fold: shares with intervals over threads, McNemar's "
     "test, a verdict. Wanted are 50 decisions, and 10 of each label unless --with adds lines.",
     TRAIN, cli_train},
    {"eval", "[split] DATA.jsonl...", "measure a model on labelled lines or pages",
     "Reads the lines that train reads. With --items the prediction is given even when unsure; "
     "margins and p cover every label.\n\n"
     "--by gives one row a part: --by functionality measures the tests of HateCheck. Where a set "
     "names its labels in another way than the model, --map says what they mean: with --map "
     "hateful=toxic a line labelled hateful is toxic, any other is not, and no other label is "
     "asked "
     "for. A label that is unknown is an error; in a list it is passed over, and said.\n\n"
     "--audit measures how a label treats the mention of people (training/audit/identity.txt): "
     "subgroup, BPSN and BNSP AUC of each term, the worst first, with the weights behind it.\n\n"
     "eval split measures a splitter (default: the one that split uses) on pages with truth, rows "
     "{\"source\",\"variant\",\"site\",\"text\",\"roles\",\"parents\"} as "
     "training/README.md describes them: token F1 of article and comments, roles of lines, "
     "beginnings of comments, Pk, WindowDiff, parents and links, by source and variant, each with "
     "its spread over sites. What each figure means stands under the tables.",
     EVAL, cli_eval},
    {"model", "show|verify|list [FILE...]", "show, verify or list model files",
     "show prints a model's card: data, recipe, measured figures, heaviest features. verify opens "
     "and checks it. list names the models that label would use.",
     MODEL, cli_model},
    {"serve", NULL, "review in a browser, and an API that answers as Perspective does",
     "Serves the review page and the API over HTTP until SIGTERM or Ctrl-C. The page needs nothing "
     "from elsewhere.",
     SERVE, cli_serve},
    {"user", "add|remove|key|list [NAME]", "say who may use a server",
     "Changes the file that retort serve --auth-file reads; a server that runs sees the change "
     "within a second.\n\nadd NAME lets a person in, or gives them another "
     "password and role: a reader sees; a reviewer decides, brings pages in and corrects their "
     "splits; an admin also takes back what others have decided. The password is asked for, or "
     "read from standard input; its argon2id hash is kept. key NAME makes and prints a new key "
     "for a program that calls /v1alpha1, in place of the one it had; once there is one, calls "
     "without a key are refused. remove NAME ends a person's sessions, or a key. list shows roles "
     "and names.",
     USER, cli_user},
    {"relabel", "[MODEL...]", "label stored comments again with other models",
     "Works through every stored comment, or those of --where, in short transactions: people may "
     "read and decide meanwhile, and what was killed goes on where it was when it is called again. "
     "Decisions are not touched. The earlier labels stay until retort prune, so that --revert can "
     "take a run back.\n\n--where names what must hold, with commas between: task=tone,label=toxic "
     "(a model says so now), page=SOURCE, author=NAME, since=2026-11-01 and until=2026-11-30 (when "
     "it was stored), state=waiting, decided or changed (otherwise than the model). A value with a "
     "comma stands in double quotes.\n\nA model that does not fit is refused before anything is "
     "written: one of a task that nothing here is labelled for, without a label that its "
     "predecessor has, or that looks at the target where people decided without.\n\n--runs tells "
     "how "
     "each ended: open (killed: the same call goes on with it), stopped (killed, and another call "
     "came), done, reverted or pruned.\n\nAt its end, "
     "with --dry-run before it and with --show at any time it is told, task by task: whether "
     "people "
     "agree more with the new labels than with the old ones (exact intervals, McNemar's test; "
     "decisions that a model has learned from are left out), what flows from label to label, and "
     "the labels that turned over, those that moved farthest first, with the words that moved "
     "them. "
     "What decisions can't tell is said, and why.",
     RELABEL, cli_relabel},
    {"report", NULL, "measure prevalence and polarity, with intervals",
     "Counts what is stored, by group, and says how far the counts can be trusted: shares of "
     "labels, "
     "raw and corrected for what the model errs, polarity, disagreement along threads and between "
     "authors, words that set groups apart, and what models and people decided.\n\n"
     "Intervals are of 95 % and hold what threads differ and what is not known of the model's "
     "errors. "
     "Where comments were drawn at random (retort sample) and decided, these decisions carry the "
     "figures. What the data cannot carry is said in words.\n\n"
     "--where, --compare and --against name what must hold, with commas between: page=SOURCE, "
     "author=NAME, from=2026-11-01 and to=2026-12-01 (when it was written, as the comment tells), "
     "since= and until= (when it was stored), task=tone,label=toxic (a model says so), "
     "state=waiting, decided or changed.",
     REPORT, cli_report},
    {"sample", NULL, "draw comments for people to decide, with known chances",
     "Draws from all that waits for a person, and stores the draw: each comment with the "
     "probability with which it was drawn, so that what people decide of it can speak for all in "
     "reports, figures and training. uniform: each with the same chance. stratified: pages, or "
     "labels as the model gave them, get their parts; small ones more than they would by chance. "
     "uncertainty: the nearer to the border between labels, the likelier, but half of the sample "
     "falls on all alike. retort review --sample N, or the page's queue with draw=N, serves them "
     "in random order; a sample need not be decided to its end.\n\n"
     "--enough looks at what was decided. How many more decisions until the interval of a label's "
     "share is narrower than W. And whether 95 % of a rare label is found (p < 0.05, however often "
     "it is asked): work off what the model ranks first, then draw from the rest, uniformly.",
     SAMPLE, cli_sample},
    {"prune", NULL, "delete the labels of earlier models",
     "Deletes all labels that are not the newest of their task. Runs of relabel can't be taken "
     "back "
     "any more; people's decisions stay. Can be killed and called again.",
     PRUNE, cli_prune},
    {"forget", NULL, "remove a person's comments for good",
     "Removes all comments of an author with their labels, decisions and places, overwrites them "
     "in "
     "the bytes of pages, and takes them out of what replies quote; then writes the file anew, so "
     "that nothing of it is left in its free space or its log. Replies of others stay, and say "
     "that "
     "what they answer is gone. Counts and chances stay true of what is left. Who was forgotten is "
     "logged as numbers, without name or text; the file keeps a mark under a key of its own, by "
     "which a later import leaves them out (--no-marks, --readmit). Done in one transaction: "
     "killed, "
     "nothing has happened, or only the last step is missing; without --author that is done again, "
     "and the log told.\n\nIt does not reach backups, exports, models that have learned from the "
     "comments, nor the name in other people's texts; it says how many of those there are.",
     FORGET, cli_forget},
    {"export", NULL, "write comments, labels and decisions to other formats",
     "jsonl and csv for anything, doccano and label-studio for annotators, convokit (a directory) "
     "for researchers. Ids, authors, times, parents, model labels and human decisions go along; "
     "a person's label stands in place of the model's. Exported is what stands in the newest "
     "scrape "
     "of each page, and what a person has decided on. A file appears only when it is whole. csv "
     "keeps cells as they are: import it as text where a cell that begins with = would be run."
     " jsonl, csv and tsv come back by retort import into an empty file as they were, with pages, "
     "places, labels of older models, draws and the whole history of decisions; only the bytes of "
     "pages "
     "of more than 8 MB stay behind, and pages on which no comment stands."
     "\n\nlibsvm: a line a comment, of one --task: its label (the person's, else the model's; of "
     "several, with commas), then index:value of its features as that model sees them; beside "
     "FILE, "
     "FILE.features says which index is what, FILE.labels which number is which label, FILE.ids "
     "which line is which comment."
     "\n\ntruth: the splits that people have corrected, as rows that retort train --task split "
     "learns from and retort eval split measures on.\n\ngraphml: who answers whom, for programs "
     "of networks: people with their community, replies between them, and of each label how many "
     "of their comments have it, corrected for the model's errors as far as they are known."
     "\n\n--pseudonymise: writers and reviewers are named by hashes under the key, the same in "
     "every "
     "export with that key; so is whoever texts and other members name behind an @, or by a name "
     "that writes in the same source and is no plain word (two letters, or small letters alone). "
     "Hashes of texts are hashed again, pages have no bytes. It does not hide what people tell of "
     "themselves or of each other otherwise, when they wrote, how, and on which page: whoever "
     "finds "
     "a text on the web finds its writer.",
     EXPORT, cli_export},
    {"doctor", NULL, "check versions, models and a database",
     "Prints the versions of retort and its libraries, the models it would use and whether they "
     "are whole, and the health of the review file.",
     DOCTOR, cli_doctor},
    {"help", "[COMMAND]", "show help", "Without a command: the list of commands.", HELP, cli_help},
    {"version", NULL, "show the version", "Prints the version of retort.", VERSION, cli_version},
    {0},
};
