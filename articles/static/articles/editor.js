// The editor of bodies and biographies. What it can write is what articles.html lets through: change them together.
// Nodes without a button (tables, figures, code) are here so that a text that has them keeps them.

import {
  Blockquote,
  Bold,
  BulletList,
  Caption,
  Code,
  CodeBlock,
  createMenuFromGroups,
  Document,
  Dropcursor,
  Editor,
  Extension,
  Figure,
  Fullscreen,
  Gapcursor,
  HardBreak,
  Heading,
  History,
  HorizontalRule,
  HTML,
  Image,
  initializeEditors,
  Italic,
  Link,
  ListItem,
  Menu,
  OrderedList,
  Paragraph,
  Strike,
  Subscript,
  Superscript,
  Table,
  TableCell,
  TableHeader,
  TableRow,
  Text,
} from "django-prose-editor/editor";

const MARKER = "data-django-prose-editor-house";
const WORDS_PER_MINUTE = 230;
const MENU = ["headings", "lists", "quotes", "marks", "link", "history", "utility"].map((group) => ({ group }));

// Links to a heading outlive an edit, so its id is kept; two headings made of one do not share it.
const HeadingWithId = Heading.extend({
  addAttributes() {
    return { ...this.parent?.(), id: { default: null, keepOnSplit: false } };
  },
}).configure({ levels: [2, 3, 4] });

const quoteClass = (element) => (element.classList.contains("pullquote") ? "pullquote" : null);

const Quote = (words) =>
  Blockquote.extend({
    addAttributes() {
      return { class: { default: null, parseHTML: quoteClass } };
    },
    addMenuItems({ menu, buttons }) {
      const isPull = (editor) => editor.isActive("blockquote", { class: "pullquote" });
      const quote = (name, button, wanted, active) =>
        menu.defineItem({
          name,
          groups: "quotes",
          button,
          active,
          command: (editor) => toggleQuote(editor, wanted),
        });
      quote("blockquote", buttons.material("format_quote", "blockquote"), null, (e) => e.isActive("blockquote") && !isPull(e));
      quote("pullquote", buttons.text("❝❞", words.pullquote), "pullquote", isPull);
      menu.defineItem({
        name: "horizontalRule",
        groups: "quotes",
        button: buttons.material("horizontal_rule", "horizontal rule"),
        command: (editor) => editor.chain().focus().setHorizontalRule().run(),
      });
    },
  });

// Into a quote of that kind, from one kind to the other, or out of it.
function toggleQuote(editor, kind) {
  const chain = editor.chain().focus();
  if (!editor.isActive("blockquote")) chain.wrapIn("blockquote", { class: kind });
  else if (editor.getAttributes("blockquote").class === kind) chain.lift("blockquote");
  else chain.updateAttributes("blockquote", { class: kind });
  chain.run();
}

// Buttons say whether they are pressed, and the bar what it is; after the menu itself has looked at the text.
const SpokenMenu = (words) =>
  Extension.create({
    name: "spokenMenu",
    onTransaction() {
      queueMicrotask(() => speak(this.editor.view.dom.parentElement?.querySelector(".prose-menubar"), words));
    },
  });

function speak(bar, words) {
  bar?.setAttribute("role", "toolbar");
  bar?.setAttribute("aria-label", words.toolbar);
  for (const button of bar?.querySelectorAll("button") ?? []) {
    button.setAttribute("aria-pressed", String(button.classList.contains("active")));
    button.setAttribute("aria-disabled", String(button.classList.contains("disabled")));
  }
}

const LOOKS = [
  [/font-weight:\s*(bold|[6-9]00)/i, "strong"],
  [/font-style:\s*italic/i, "em"],
  [/vertical-align:\s*super/i, "sup"],
  [/vertical-align:\s*sub/i, "sub"],
];

// The policy forbids inline styles, by which Google Docs says what is bold and what only looks so: they are read as text.
function transformPastedHTML(html) {
  const page = new DOMParser().parseFromString(html.replace(/(<[a-z][^>]*?\s)style=/gi, "$1data-look="), "text/html");
  for (const node of page.body.querySelectorAll("[data-look]")) {
    const look = node.dataset.look;
    node.removeAttribute("data-look");
    if (/^(b|strong)$/i.test(node.tagName) && /font-weight:\s*(normal|[1-5]00)/i.test(look)) node.replaceWith(...node.childNodes);
    else if (node.tagName === "SPAN") wrap(node, LOOKS.filter(([looks]) => looks.test(look)));
  }
  return page.body.innerHTML;
}

function wrap(node, looks) {
  for (const [, tag] of looks) {
    const mark = node.ownerDocument.createElement(tag);
    mark.append(...node.childNodes);
    node.append(mark);
  }
}

// As articles.html.word_count: scripts without spaces count by characters.
const UNSPACED = [
  [/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu, 2],
  [/[\p{Script=Thai}\p{Script=Lao}\p{Script=Myanmar}\p{Script=Khmer}]+/gu, 5],
];

function countWords(text) {
  let words = 0;
  for (const [run, characters] of UNSPACED) {
    for (const found of text.match(run) ?? []) words += Math.ceil([...found].length / characters);
    text = text.replace(run, " ");
  }
  return words + text.split(/[\s\u2013-\u2015/]+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

function showWords(editor, note, words) {
  const count = countWords(editor.state.doc.textBetween(0, editor.state.doc.content.size, "\n", "\n"));
  const minutes = Math.max(1, Math.round(count / WORDS_PER_MINUTE));
  note.textContent = words.words.replace("{words}", count.toLocaleString()).replace("{minutes}", minutes);
}

function extensions(words) {
  return [
    ...[Document, Paragraph, Text, HardBreak, HeadingWithId, HorizontalRule, BulletList, ListItem, Quote(words)],
    ...[Bold, Italic, Strike, Subscript, Superscript, Code.extend({ addMenuItems: null }), CodeBlock],
    ...[Table, TableRow, TableHeader, TableCell, Figure, Caption, Image],
    ...[Dropcursor, Gapcursor, History, HTML, Fullscreen, SpokenMenu(words)],
    OrderedList.configure({ enableListAttributes: false }),
    Link.configure({ enableTarget: false, protocols: ["mailto", "tel"], defaultProtocol: "https" }),
    Menu.configure({ items: createMenuFromGroups(MENU) }),
  ];
}

function attributes(textarea, label) {
  const given = { role: "textbox", "aria-multiline": "true", "aria-label": label, spellcheck: "true", dir: "auto" };
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (textarea.hasAttribute(name)) given[name] = textarea.getAttribute(name);
  }
  return given;
}

function create(textarea) {
  if (textarea.closest(".prose-editor")) return;
  const { words } = JSON.parse(textarea.getAttribute(MARKER));
  const label = document.querySelector(`label[for="${textarea.id}"]`);
  const note = Object.assign(document.createElement("p"), { className: "word-count" });
  const element = Object.assign(document.createElement("div"), { className: "prose-editor" });
  textarea.before(element);
  element.append(textarea);
  element.after(note);

  const editor = new Editor({
    element,
    editable: !textarea.disabled,
    extensions: extensions(words),
    content: textarea.value,
    injectCSS: false, // the policy forbids it; desk.css has these rules
    editorProps: {
      attributes: attributes(textarea, label?.textContent.replace(/:\s*$/, "") ?? textarea.name),
      transformPastedHTML,
    },
    onCreate: ({ editor }) => showWords(editor, note, words),
    onUpdate({ editor }) {
      textarea.value = editor.isEmpty ? "" : editor.getHTML();
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
      showWords(editor, note, words);
    },
  });
  label?.addEventListener("click", () => editor.commands.focus());
  textarea.addEventListener("field:filled", () => editor.commands.setContent(textarea.value));
  textarea.dispatchEvent(new CustomEvent("prose-editor:ready", { detail: { editor, textarea }, bubbles: true }));
}

initializeEditors(create, `[${MARKER}]`);
