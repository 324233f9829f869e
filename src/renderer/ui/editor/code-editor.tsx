import { autocompletion } from '@codemirror/autocomplete'
import { python } from '@codemirror/lang-python'
import { PostgreSQL, type SQLNamespace, sql } from '@codemirror/lang-sql'
import { yaml } from '@codemirror/lang-yaml'
import { type Diagnostic as LintDiagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { basicSetup } from 'codemirror'
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import { editorTheme } from './editor-theme'
import { completion, type EditorKnowledge, hoverHelp } from './language'

export interface EditorProblem {
  from: number
  to: number
  severity: 'error' | 'warning'
  message: string
}

export interface EditorHandle {
  /** Puts the cursor there, in view, with the focus. */
  goTo(offset: number): void
  /** Writes in the place of what is selected, and leaves the cursor after it, with the focus. */
  insert(text: string): void
}

interface CodeEditorProps {
  value: string
  onChange?: (value: string) => void
  language: 'yaml' | 'python' | 'sql'
  label: string
  problems?: readonly EditorProblem[]
  knowledge?: EditorKnowledge
  /** Tables and their columns, for the completion of SQL. */
  tables?: SQLNamespace
  readOnly?: boolean
  wrap?: boolean
  handle?: Ref<EditorHandle>
}

const clampProblems = (problems: readonly EditorProblem[], length: number): LintDiagnostic[] =>
  problems.map((problem) => {
    const from = Math.max(0, Math.min(problem.from, length))
    // An empty place is drawn one character wide, or nobody would see it.
    const to = Math.max(Math.min(problem.to, length), Math.min(from + 1, length))
    return { from, to, severity: problem.severity, message: problem.message }
  })

function grammarOf(language: CodeEditorProps['language'], tables: SQLNamespace | undefined): Extension {
  if (language === 'yaml') return yaml()
  if (language === 'python') return python()
  // DuckDB's own dialect is close to PostgreSQL's, and has no grammar here.
  return sql({ dialect: PostgreSQL, upperCaseKeywords: true, ...(tables ? { schema: tables } : {}) })
}

/** CodeMirror with the product's colours, problems underlined where they are, completion and hover help. */
export function CodeEditor(props: CodeEditorProps) {
  const {
    value,
    onChange,
    language,
    label,
    problems,
    knowledge,
    tables,
    readOnly = false,
    wrap = false,
    handle,
  } = props
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const latest = useRef({ onChange, knowledge })
  latest.current = { onChange, knowledge }
  const editable = useRef(new Compartment())
  const grammar = useRef(new Compartment())

  // biome-ignore lint/correctness/useExhaustiveDependencies: one editor per language; the rest is told to it below
  useEffect(() => {
    if (!host.current) return
    const known: EditorKnowledge = {
      columns: () => latest.current.knowledge?.columns() ?? [],
      catalogs: () => latest.current.knowledge?.catalogs() ?? [],
      entries: () => latest.current.knowledge?.entries() ?? [],
      keys: knowledge?.keys ?? [],
    }
    const extensions: Extension[] = [
      basicSetup,
      grammar.current.of(grammarOf(language, tables)),
      editorTheme,
      EditorState.tabSize.of(2),
      EditorView.contentAttributes.of({ 'aria-label': label }),
      editable.current.of([EditorState.readOnly.of(readOnly), EditorView.editable.of(!readOnly)]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) latest.current.onChange?.(update.state.doc.toString())
      }),
    ]
    if (wrap) extensions.push(EditorView.lineWrapping)
    if (language === 'yaml' && problems) extensions.push(lintGutter())
    if (language === 'sql') extensions.push(autocompletion({ icons: false }))
    if (knowledge) extensions.push(completion(known), hoverHelp(known.entries))
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({ doc: value, extensions }),
    })
    view.current = editor
    return () => {
      editor.destroy()
      view.current = null
    }
  }, [language, wrap])

  useEffect(() => {
    const editor = view.current
    if (!editor || editor.state.doc.toString() === value) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
  }, [value])

  useEffect(() => {
    if (language !== 'sql') return
    view.current?.dispatch({ effects: grammar.current.reconfigure(grammarOf(language, tables)) })
  }, [language, tables])

  useEffect(() => {
    view.current?.dispatch({
      effects: editable.current.reconfigure([
        EditorState.readOnly.of(readOnly),
        EditorView.editable.of(!readOnly),
      ]),
    })
  }, [readOnly])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new text loses its marks, so they are set again with it
  useEffect(() => {
    const editor = view.current
    if (!editor || !problems) return
    editor.dispatch(setDiagnostics(editor.state, clampProblems(problems, editor.state.doc.length)))
  }, [problems, value])

  useImperativeHandle(handle, () => ({
    goTo(offset) {
      const editor = view.current
      if (!editor) return
      const at = Math.min(offset, editor.state.doc.length)
      editor.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) })
      editor.focus()
    },
    insert(text) {
      const editor = view.current
      if (!editor) return
      editor.dispatch(editor.state.replaceSelection(text))
      editor.focus()
    },
  }))

  return <div ref={host} className="sage-editor" />
}
