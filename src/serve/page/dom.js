/* dom: elements built from data, the one writer of everything that is seen.
 *
 * Comments are hostile. Text becomes text nodes and attributes are set by name, so no input is ever
 * parsed as markup; there is no way here to set markup, style or a handler by attribute, and a link
 * leads to this server or to http(s). */

const SVG = 'http://www.w3.org/2000/svg';

function isSafeAddress(address) {
    return /^(?:[/?#]|https?:\/\/)/i.test(address) && !/^\/[/\\]/.test(address);
}

function setAttribute(node, name, value) {
    if (/^on|^style$|^srcdoc$/i.test(name))
        throw new Error(`no ${name} by attribute`);
    if (/href$|^src$|^action$/i.test(name) && !isSafeAddress(String(value)))
        return;
    node.setAttribute(name, value === true ? '' : String(value));
}

/* Properties that are not attributes. */
const SPECIAL = {
    on(node, handlers) {
        for (const [type, handler] of Object.entries(handlers))
            node.addEventListener(type, handler);
    },
    data(node, values) {
        for (const [name, value] of Object.entries(values))
            if (value !== undefined && value !== null)
                node.dataset[name] = value;
    },
    /* Custom properties of CSS, by name without the dashes: { share: 0.4 } is --share. */
    css(node, values) {
        for (const [name, value] of Object.entries(values))
            node.style.setProperty(`--${name}`, value);
    },
    value(node, value) { node.value = value; },
    checked(node, value) { node.checked = value; },
    indeterminate(node, value) { node.indeterminate = value; },
};

function fill(node, properties, children) {
    for (const [name, value] of Object.entries(properties || {})) {
        if (value === undefined || value === null || value === false && !(name in SPECIAL))
            continue;
        if (name in SPECIAL)
            SPECIAL[name](node, value);
        else
            setAttribute(node, name, value);
    }
    append(node, children);
    return node;
}

/* Children: nodes, text, numbers, lists of them; null, undefined and false are nothing. */
export function append(node, ...children) {
    for (const child of children.flat(Infinity))
        if (child !== null && child !== undefined && child !== false)
            node.append(child instanceof Node ? child : String(child));
    return node;
}

/* element('a', { class: 'x', href: '/queue', on: { click } }, 'text', other) */
export function element(tag, properties, ...children) {
    return fill(document.createElement(tag), properties, children);
}

/* The same for SVG. */
export function shape(tag, properties, ...children) {
    return fill(document.createElementNS(SVG, tag), properties, children);
}

/* Puts these in place of all that the node held. */
export function replace(node, ...children) {
    node.replaceChildren();
    return append(node, ...children);
}

export function button(text, act, properties) {
    return element('button', { type: 'button', on: { click: act }, ...properties }, text);
}
