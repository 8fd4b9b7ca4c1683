/* split_model: a split under correction. No document here, only data.
 *
 * The server alone applies operations for good; here they are applied to show what they would do, and
 * written as the server takes them. Lines have numbers, not places: a run of blank lines is one row. A comment is known by its key: the line on which it began in the
 * split that was loaded, or the line at which it was cut off. Keys outlive every operation, numbers do
 * not; so operations hold keys, and only `toServer` names numbers. ARTICLE is the key of no comment. */

export const ARTICLE = 0;

/* What the page is after operations: lines with `owner` (the key of their comment or 0), and comments
 * in order, with key, number (null: not saved yet), parent (a key), author, first and last line. */
export function applied(page, operations) {
    const state = begin(page);
    for (const operation of operations)
        APPLY[operation.op](state, operation);
    return shownOf(state);
}

/* The operations as POST /api/pages/{id}/corrections takes them. */
export function toServer(page, operations) {
    const numbers = new Map(page.comments.map(({ first_line, number }) => [first_line, number]));
    const comment = (key) => numbers.has(key) ? { comment: numbers.get(key) } : { line: key };
    const parent = (key) => key === ARTICLE ? { parent: 0 } : numbers.has(key) ? { parent: numbers.get(key) } : { parent_line: key };
    const WRITE = {
        role: ({ from, to, role }) => ({ from, to, role }),
        cut: ({ line }) => ({ line }),
        merge: ({ key }) => comment(key),
        parent: ({ key, parent: to }) => ({ ...comment(key), ...parent(to) }),
    };
    return operations.map((operation) => ({ op: operation.op, ...WRITE[operation.op](operation) }));
}

/* Whether an operation would do anything to what `applied` gave. */
export function means(now, operation) {
    return MEANS[operation.op](now, operation);
}

/* Those of the operations that still mean something in another split of the same page. */
export function carriedOver(page, operations) {
    const kept = [];
    for (const operation of operations)
        if (means(applied(page, kept), operation))
            kept.push(operation);
    return kept;
}

/* An operation in words; name(key) says which comment. */
export function inWords(operation, name) {
    const { from, to, role, line, key, parent } = operation;
    const WORDS = {
        role: () => `${from === to ? `Line ${from} is` : `Lines ${from} to ${to} are`} ${role}`,
        cut: () => `A comment begins at line ${line}`,
        merge: () => `${name(key)} joins the one before`,
        parent: () => `${name(key)} answers ${parent === ARTICLE ? 'the article' : name(parent)}`,
    };
    return WORDS[operation.op]?.() ?? operation.op;
}

function begin(page) {
    const keys = new Map(page.comments.map(({ number, first_line }) => [number, first_line]));
    const keyOf = (number) => keys.get(number) ?? ARTICLE;
    return {
        lines: page.lines.map((line) => ({ ...line, owner: keyOf(line.comment) })),
        known: new Map(page.comments.map((comment) => [comment.first_line, comment])),
        parents: new Map(page.comments.map(({ first_line, parent }) => [first_line, keyOf(parent)])),
    };
}

const APPLY = {
    role({ lines }, { from, to, role }) {
        for (const line of textBetween(lines, from, to)) {
            line.role = role;
            if (role !== 'comment')
                line.owner = ARTICLE;
            else if (line.owner === ARTICLE)
                line.owner = ownerBefore(lines, line.line) || line.line;
        }
    },
    cut({ lines, parents }, { line: key }) {
        const old = lines.find(({ line }) => line === key).owner;
        for (const line of lines)
            if (line.line >= key && line.owner === old)
                line.owner = key;
        parents.set(key, parents.get(old) ?? ARTICLE);
    },
    merge(state, { key }) {
        const { key: before } = joinable(shownOf(state), key);
        for (const line of state.lines)
            if (line.owner === key)
                line.owner = before;
        for (const [child, parent] of state.parents)
            if (parent === key)
                state.parents.set(child, before);
    },
    parent({ parents }, { key, parent }) {
        parents.set(key, parent);
    },
};

const MEANS = {
    role: ({ lines }, { from, to, role }) => textBetween(lines, from, to).some((line) => line.role !== role),
    cut: ({ lines, comments }, { line: key }) =>
        lines.some(({ line, owner }) => line === key && owner !== ARTICLE) && comments.every(({ first }) => first !== key),
    merge: (now, { key }) => joinable(now, key) !== null,
    parent: ({ comments }, { key, parent }) => [key, parent || key].every((each) => comments.some((comment) => comment.key === each)),
};

/* The comment right before it, if nothing but blank lines lie between. */
function joinable({ lines, comments }, key) {
    const at = comments.findIndex((comment) => comment.key === key);
    if (at < 1)
        return null;
    const [before, comment] = comments.slice(at - 1);
    const between = textBetween(lines, before.last + 1, comment.first - 1);
    return between.length === 0 ? before : null;
}

function textBetween(lines, from, to) {
    return lines.filter(({ line, role }) => line >= from && line <= to && role !== 'blank');
}

/* Of the line above that is not blank. */
function ownerBefore(lines, number) {
    return lines.findLast(({ line, role }) => line < number && role !== 'blank')?.owner ?? ARTICLE;
}

function shownOf(state) {
    return { lines: state.lines, comments: commentsOf(state) };
}

function commentsOf({ lines, known, parents }) {
    const found = new Map();
    for (const { line, owner: key } of lines) {
        if (key === ARTICLE)
            continue;
        if (!found.has(key))
            found.set(key, { key, number: known.get(key)?.number ?? null, author: known.get(key)?.author ?? null, first: line });
        found.get(key).last = line;
    }
    for (const comment of found.values())
        comment.parent = standing(parents.get(comment.key) ?? ARTICLE, parents, found);
    return [...found.values()];
}

/* One that is gone hands on to the one that it answered itself. */
function standing(parent, parents, found) {
    for (let steps = 0; parent !== ARTICLE && !found.has(parent) && steps < parents.size; steps++)
        parent = parents.get(parent) ?? ARTICLE;
    return found.has(parent) ? parent : ARTICLE;
}
