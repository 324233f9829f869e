import { python } from '@codemirror/lang-python'
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
}

interface CodeEditorProps {
  value: string
  onChange?: (value: string) => void
  language: 'yaml' | 'python'
  label: string
  problems?: readonly EditorProblem[]
  knowledge?: EditorKnowledge
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

/** CodeMirror with the product's colours, problems underlined where they are, completion and hover help. */
export function CodeEditor(props: CodeEditorProps) {
  const {
    value,
    onChange,
    language,
    label,
    problems,
    knowledge,
    readOnly = false,
    wrap = false,
    handle,
  } = props
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const latest = useRef({ onChange, knowledge })
  latest.current = { onChange, knowledge }
  const editable = useRef(new Compartment())

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
      language === 'yaml' ? yaml() : python(),
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
  }))

  return <div ref={host} className="sage-editor" />
}
