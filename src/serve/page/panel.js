/* panel: where labels are ticked. One task is open at a time, each label with its key, its probability
 * as bar and number, and the way to its words; the others stand below it in a line. */

import { button, element } from './dom.js';
import { labelNames, percent, words } from './format.js';
import { keycap, shortcuts } from './keys.js';
import { doubtOf, isHuman } from './labels.js';

/* Names as a set, to be compared. */
export function isSame(a, b) {
    return a.length === b.length && a.every((name) => b.includes(name));
}

function standing(label) {
    if (isHuman(label))
        return element('p', { class: 'standing decided' },
            element('span', { 'aria-hidden': 'true' }, '✓ '), `${label.reviewer ?? 'A person'} decided: ${labelNames(label.label)}`,
            label.model_label && !isSame(label.model_label, label.label) && element('span', { class: 'quiet' }, `; the model said ${labelNames(label.model_label)}`));
    if (label.unsure)
        return element('p', { class: 'standing doubtful' }, element('strong', {}, 'Unsure'), `: ${doubtOf(label)}`);
    return null;
}

function scoreBar(score) {
    return element('span', { class: score.unsure ? 'bar unsure' : 'bar', 'aria-hidden': 'true', css: { share: score.p, threshold: score.threshold ?? 0 } },
        score.threshold !== null && score.threshold !== undefined && element('span', { class: 'bar-threshold', title: `on from ${percent(score.threshold)}` }));
}

/* One label. ticks: names; act.tick(name), act.explain(name). */
function labelRow(label, score, number, view) {
    const isOn = view.ticks.includes(score.name);
    const was = label.label.includes(score.name);
    const name = words(score.name);
    const isExplained = view.explained === score.name;
    return element('li', { class: `label-row${isOn ? ' on' : ''}${isOn !== was ? ' changed' : ''}${isExplained ? ' explained' : ''}` },
        element('label', { class: 'label-tick' },
            number <= 9 ? keycap(`label${number}`) : element('span', { class: 'key' }),
            element('input', { type: label.choice === 'one-of' ? 'radio' : 'checkbox', name: `task-${label.task}`, checked: isOn,
                disabled: view.isClosed, data: { name: score.name }, 'aria-keyshortcuts': number <= 9 ? shortcuts(`label${number}`) : undefined,
                on: { change: () => view.act.tick(score.name) } }),
            element('span', { class: 'label-name' }, name,
                isOn !== was && element('span', { class: 'label-change' }, isOn ? ' +' : ' −', element('span', { class: 'unseen' }, isOn ? 'added' : 'removed')))),
        scoreBar(score),
        element('span', { class: 'label-p number' }, percent(score.p)),
        element('span', { class: 'label-doubt' }, score.unsure && [element('span', { 'aria-hidden': 'true', title: `Unsure: ${doubtOf(label)}` }, '?'), element('span', { class: 'unseen' }, 'unsure')]),
        button(['why', element('span', { class: 'unseen' }, ` ${name}`)], () => view.act.explain(score.name),
            { class: 'why', 'aria-pressed': String(isExplained), data: { why: score.name } }));
}

function openTask(label, view) {
    return element('fieldset', { class: 'task open' },
        element('legend', {}, words(label.task),
            label.target && element('span', { class: 'target' }, ` toward “${label.target}”`)),
        standing(label),
        element('ul', {}, label.scores.map((score, i) => labelRow(label, score, i + 1, view))));
}

function closedTask(label, view, isNext) {
    const ticks = view.draft(label.task);
    return button([
        element('span', { class: 'task-name' }, words(label.task)),
        element('span', { class: 'task-says' }, labelNames(ticks ?? label.label),
            ticks && element('span', { class: 'label-change' }, ' changed'),
            !ticks && isHuman(label) && element('span', { class: 'mark-sign' }, ' ✓'),
            !ticks && !isHuman(label) && label.unsure && element('span', { class: 'mark-sign' }, ' ?')),
        isNext && keycap('task'),
    ], () => view.act.task(label.task), { class: 'task closed', data: { task: label.task } });
}

/* view: { labels, task, ticks, explained, isClosed, draft(task), act } */
export function labelPanel(view) {
    const at = view.labels.findIndex((label) => label.task === view.task);
    return view.labels.map((label, i) =>
        i === at ? openTask(label, view) : closedTask(label, view, i === (at + 1) % view.labels.length));
}

/* sign: stands for the text where there is no room. */
function actButton(text, act, run, { className = 'button', isOff = false, sign } = {}) {
    return button([
        element('span', { class: sign && 'act-name' }, text),
        sign && element('span', { class: 'act-sign', 'aria-hidden': 'true' }, sign),
        keycap(act),
    ], run, { class: className, disabled: isOff, 'aria-keyshortcuts': shortcuts(act) });
}

/* The buttons. isChanged: the ticks are no longer what stands. */
export function actBar(view) {
    const { act, isClosed, isChanged, mayUndo } = view;
    return [
        element('div', { class: 'acts main-acts' },
            actButton('Accept', 'accept', act.accept, { className: isChanged ? 'button' : 'primary', isOff: isClosed || isChanged }),
            actButton(isChanged ? 'Correct, next' : 'Submit, next', 'submit', act.submit, { className: isChanged ? 'primary' : 'button', isOff: isClosed })),
        element('div', { class: 'acts' },
            actButton('Skip', 'skip', act.skip, { isOff: isClosed }),
            actButton('Escalate', 'escalate', act.escalate, { isOff: isClosed }),
            actButton('Note', 'note', act.note, { isOff: isClosed }),
            actButton('Undo', 'undo', act.undo, { isOff: !mayUndo })),
        element('div', { class: 'acts move-acts' },
            actButton('Previous', 'previous', act.previous, { sign: '‹' }),
            actButton('Next', 'next', act.next, { sign: '›' }),
            actButton('Queue', 'queue', act.queue, { className: 'button act-queue' })),
    ];
}

/* A place to write; done(text) or done(null). */
export function noteField(done) {
    const text = element('textarea', { id: 'note', rows: 3, maxlength: 2000, 'aria-describedby': 'note-how' });
    const save = () => done(text.value.trim() || null);
    text.addEventListener('keydown', (event) => {
        if (event.key === 'Escape')
            done(null);
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
            save();
    });
    return element('div', { class: 'note-field' }, element('label', { for: 'note' }, 'Note'), text,
        element('div', { class: 'row' }, button('Save the note', save, { class: 'primary' }), button('Cancel', () => done(null)),
            element('span', { class: 'quiet', id: 'note-how' }, 'Ctrl Enter saves')));
}
