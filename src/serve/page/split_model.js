/* split_model: a split under correction. No document here, only data.
 *
 * The server alone applies operations for good; here they are applied to show what they would do, and
 * written as the server takes them. A comment is known by its key: the line on which it began in the
 * split that was loaded, or the line at which it was cut off. Keys outlive every operation, numbers do
 * not; so operations hold keys, and only `toServer` names numbers. ARTICLE is the key of no comment. */

export const ARTICLE = 0;

/* What the page is after operations: lines with `owner` (the key of their comment or 0), and comments
 * in order, with key, number (null: not saved yet), parent (a key), author, first and last line. */
export function applied(page, operations) {
    const state = begin(page);
    for (const operation of operations)
        APPLY[operation.op](state, operation);
    return { lines: state.lines, comments: commentsOf(state) };
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

/* Those of the operations that still mean something in another split of the same page. */
export function carriedOver(page, operations) {
    const kept = [];
    for (const operation of operations)
        if (MEANS[operation.op](applied(page, kept), operation))
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
        for (const line of lines.slice(from - 1, to).filter((each) => each.role !== 'blank')) {
            line.role = role;
            if (role !== 'comment')
                line.owner = ARTICLE;
            else if (line.owner === ARTICLE)
                line.owner = ownerBefore(lines, line.line) || line.line;
        }
    },
    cut({ lines, parents }, { line: key }) {
        const old = lines[key - 1].owner;
        for (const line of lines.slice(key - 1))
            if (line.owner === old)
                line.owner = key;
        parents.set(key, parents.get(old) ?? ARTICLE);
    },
    merge(state, { key }) {
        const { key: before } = beforeIt(commentsOf(state), key);
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
    role: ({ lines }, { to }) => to <= lines.length,
    cut: ({ lines, comments }, { line }) => Boolean(lines[line - 1]?.owner) && comments.every(({ first }) => first !== line),
    merge: ({ comments }, { key }) => beforeIt(comments, key) !== undefined,
    parent: ({ comments }, { key, parent }) => [key, parent || key].every((each) => comments.some((comment) => comment.key === each)),
};

function beforeIt(comments, key) {
    return comments[comments.findIndex((comment) => comment.key === key) - 1];
}

/* Of the line above that is not blank. */
function ownerBefore(lines, number) {
    return lines.slice(0, number - 1).findLast(({ role }) => role !== 'blank')?.owner ?? ARTICLE;
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
