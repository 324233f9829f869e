import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** Colours come from the theme's variables, so both schemes need no second editor. */
const look = EditorView.theme({
  '&': {
    height: '100%',
    fontSize: '13px',
    color: 'var(--mantine-color-text)',
    backgroundColor: 'var(--sage-surface)',
  },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.55' },
  '.cm-gutters': {
    backgroundColor: 'var(--sage-head)',
    color: 'var(--mantine-color-dimmed)',
    borderRight: '1px solid var(--sage-line)',
  },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--sage-chosen) 35%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--sage-chosen)' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  // The frame around it shows the focus: an outline here would hide behind the gutter.
  '&.cm-focused': { outline: 'none' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection': {
    backgroundColor: 'color-mix(in srgb, var(--mantine-primary-color-filled) 30%, transparent) !important',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--sage-surface)',
    color: 'var(--mantine-color-text)',
    border: '1px solid var(--sage-line)',
    borderRadius: '4px',
    boxShadow: 'var(--mantine-shadow-md)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--mantine-primary-color-filled)',
    color: '#fff',
  },
  '.cm-tooltip-hover .sage-help': { padding: '8px 10px', maxWidth: '420px', whiteSpace: 'pre-wrap' },
  '.cm-sage-help-signature': { fontFamily: 'var(--mantine-font-family-monospace)', fontWeight: '600' },
  '.cm-diagnostic': { fontSize: '12px', padding: '6px 10px' },
  '.cm-panels': { backgroundColor: 'var(--sage-head)', color: 'var(--mantine-color-text)' },
})

const colors = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--sage-blue)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--sage-teal)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--sage-orange)' },
  { tag: [tags.keyword, tags.operatorKeyword], color: 'var(--sage-red)' },
  { tag: [tags.comment], color: 'var(--sage-gray)', fontStyle: 'italic' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: 'var(--sage-yellow)' },
])

export const editorTheme = [look, syntaxHighlighting(colors)]
