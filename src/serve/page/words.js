/* words: why a label is what it is. The words of the text are shaded by what they add to the label's
 * margin, and a list says it in numbers that add up to that margin, to the last digit shown. */

import { button, element } from './dom.js';
import { percent, signed, words as plain } from './format.js';

const FIRST_SHOWN = 7;
const FAINTEST = 0.08; /* of the strongest word; below it, nothing is shaded */
const LEAST_STRONGEST = 0.2; /* a text whose words all say little stays pale */
const DIGITS = 3;

/* ---- places ---- */

/* Bytes of UTF-8 → indices of the string; offsets ascending. */
function indicesOf(text, offsets) {
    const found = new Map();
    let bytes = 0;
    let at = 0;
    for (const offset of offsets) {
        while (bytes < offset && at < text.length) {
            const code = text.codePointAt(at);
            bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
            at += code < 0x10000 ? 1 : 2;
        }
        found.set(offset, at);
    }
    return found;
}

/* The text cut at every word's ends: [{ text, word: index or −1 }]; of words over one another the
 * first has the place. */
function piecesOf(text, words) {
    const offsets = [...new Set(words.flatMap((word) => [word.begin, word.end]))].sort((a, b) => a - b);
    const indices = indicesOf(text, offsets);
    const ordered = words.map((word, i) => ({ i, begin: indices.get(word.begin), end: indices.get(word.end) }))
        .sort((a, b) => a.begin - b.begin);
    const pieces = [];
    let at = 0;
    for (const { i, begin, end } of ordered) {
        if (begin < at || end <= begin)
            continue;
        if (begin > at)
            pieces.push({ text: text.slice(at, begin), word: -1 });
        pieces.push({ text: text.slice(begin, end), word: i });
        at = end;
    }
    if (at < text.length)
        pieces.push({ text: text.slice(at), word: -1 });
    return pieces;
}

function strengthOf(contribution, strongest) {
    const share = Math.abs(contribution) / strongest;
    return share < FAINTEST ? 0 : Math.min(4, Math.ceil(4 * share));
}

/* Nodes for the text. onWord(word, event) when one is pointed at. */
export function shadedText(text, label, onWord) {
    if (!label)
        return [text];
    const strongest = label.words.reduce((most, word) => Math.max(most, Math.abs(word.contribution)), LEAST_STRONGEST);
    return piecesOf(text, label.words).map((piece) => {
        const word = label.words[piece.word];
        const strength = word ? strengthOf(word.contribution, strongest) : 0;
        if (!strength)
            return piece.text;
        return element('span', {
            class: `word ${word.contribution > 0 ? 'for' : 'against'} level-${strength}`,
            title: `${signed(word.contribution)} ${word.contribution > 0 ? 'for' : 'against'} “${plain(label.name)}”`,
            data: { word: word.text.toLowerCase() },
            on: { pointerenter: (event) => onWord(word, event), pointerleave: () => onWord(null) },
        }, piece.text);
    });
}

/* ---- the sum ---- */

/* What is no word of the text, so that it can be read: "cue:length" is "length (cue)". */
function featureName(name) {
    const [kind, ...rest] = name.split(':');
    return rest.length ? `${plain(rest.join(':'))} (${plain(kind)})` : plain(name);
}

/* One row for each word however often it stands, and one for each feature; the heaviest first. */
function rowsOf(label) {
    const rows = new Map();
    for (const word of label.words) {
        const name = word.text.toLowerCase();
        const row = rows.get(name) ?? { name, text: word.text, places: 0, contribution: 0, isWord: true };
        row.places++;
        row.contribution += word.contribution;
        rows.set(name, row);
    }
    for (const decider of label.deciders)
        if (rows.has(decider.name.toLowerCase()))
            rows.get(decider.name.toLowerCase()).without = decider.p_without;
    const features = label.features.map((feature) => ({ text: featureName(feature.name), contribution: feature.contribution }));
    return [...rows.values(), ...features].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
}

/* In units of the last digit shown, so that what is seen adds up. */
function units(number) {
    return Math.round(number * 10 ** DIGITS);
}

function bar(contribution, strongest) {
    return element('span', { class: `sum-bar ${contribution > 0 ? 'for' : 'against'}`, 'aria-hidden': 'true',
        css: { share: strongest ? Math.min(1, Math.abs(contribution) / strongest) : 0 } });
}

function sumRow(text, contribution, { strongest, className = '', places = 1, without, name, text: whole } = {}) {
    return element('tr', { class: className, data: { row: name } },
        element('th', { scope: 'row', title: whole }, text, places > 1 && element('span', { class: 'quiet' }, ` ×${places}`)),
        element('td', { class: 'sum-bars' }, strongest !== undefined && bar(contribution, strongest)),
        element('td', { class: 'number', title: String(contribution) }, signed(contribution, DIGITS)),
        element('td', { class: 'number quiet' }, without !== undefined && without !== null && percent(without)));
}

/* The table. isWhole: every row; toggle(): the other way. */
export function sumTable(label, isWhole, toggle) {
    const rows = rowsOf(label);
    const strongest = rows.length ? Math.abs(rows[0].contribution) : 0;
    const shown = isWhole ? rows : rows.slice(0, FIRST_SHOWN);
    const hidden = rows.slice(shown.length);
    const others = hidden.reduce((sum, row) => sum + row.contribution, 0);
    const seen = [...shown.map((row) => row.contribution), ...(hidden.length ? [others] : []), label.bias];
    const rest = units(label.margin) - seen.reduce((sum, each) => sum + units(each), 0);
    const table = element('table', { class: 'sum' },
        element('caption', { class: 'unseen' }, `What adds up to the margin of ${plain(label.name)}`),
        element('thead', {}, element('tr', {},
            element('th', { scope: 'col' }, 'Word'), element('td'),
            element('th', { scope: 'col', class: 'number' }, 'adds'),
            element('th', { scope: 'col', class: 'number', title: 'The probability if the word were not there' }, 'p without'))),
        element('tbody', {},
            shown.map((row) => sumRow(row.isWord ? row.text : element('em', {}, row.text), row.contribution, { ...row, strongest })),
            hidden.length > 0 && sumRow(`${hidden.length} others`, others, { strongest, className: 'quiet' }),
            sumRow(element('em', { title: 'where every text begins' }, 'bias'), label.bias, { className: 'quiet' }),
            rest !== 0 && sumRow(element('em', {}, 'rounding'), rest / 10 ** DIGITS, { className: 'quiet' })),
        element('tfoot', {}, element('tr', {},
            element('th', { scope: 'row' }, 'Margin'), element('td'),
            element('td', { class: 'number', title: String(label.margin) }, signed(label.margin, DIGITS)),
            element('td', { class: 'number', title: 'The probability' }, percent(label.p)))));
    return [table, rows.length > FIRST_SHOWN && button(isWhole ? 'Fewer' : `All ${rows.length}`, toggle, { class: 'link' })];
}
