/* The look, set before the first paint so that a dark room never flashes: a script of its own, because
 * modules run late. What was chosen stands in localStorage; nothing there means as the system has it. */
'use strict';
try {
    const look = JSON.parse(localStorage.getItem('retort.look') || '{}');
    if (look.theme === 'light' || look.theme === 'dark')
        document.documentElement.dataset.theme = look.theme;
    if (/^(?:small|large|larger|largest)$/.test(look.size))
        document.documentElement.dataset.size = look.size;
} catch {
    /* Storage is closed to us or holds rubbish: the system's look it is. */
}
