import { Text } from '@mantine/core'
import { useMemo } from 'react'
import { useText } from '../app/prefs'
import { type DiffLine, diffLines, firstLines, withContext } from './line-diff'
import './diff-view.css'

interface DiffViewProps {
  before: string
  after: string
  label: string
}

/** Lines drawn at once. */
const SHOWN = 3000

const MARKS = { same: ' ', added: '+', removed: '−' } as const

/** What changes from one text to another: marks and colours, equal lines left out. */
export function DiffView({ before, after, label }: DiffViewProps) {
  const { t } = useText()
  const lines = useMemo(() => diffLines(before, after), [before, after])
  const { parts, left } = useMemo(() => firstLines(withContext(lines), SHOWN), [lines])
  if (lines.every(({ kind }) => kind === 'same'))
    return (
      <Text size="sm" c="dimmed" p="sm">
        {t('diff.none')}
      </Text>
    )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="diff-view" aria-label={label} tabIndex={0}>
      <table>
        <tbody>
          {parts.map((part) =>
            part.kind === 'gap' ? (
              <tr key={`gap${part.at}`} className="is-gap">
                <td colSpan={4}>{t('diff.gap', { n: part.count })}</td>
              </tr>
            ) : (
              part.lines.map((line) => <Line key={`${line.before}:${line.after}`} line={line} />)
            ),
          )}
          {left > 0 ? (
            <tr className="is-gap">
              <td colSpan={4}>{t('diff.more', { n: left })}</td>
            </tr>
          ) : null}
        </tbody>
      </table>
    </section>
  )
}

function Line({ line: { kind, text, before, after } }: { line: DiffLine }) {
  const { t } = useText()
  return (
    <tr className={`is-${kind}`}>
      <td className="is-place">{before}</td>
      <td className="is-place">{after}</td>
      <td className="is-place">
        {MARKS[kind]}
        {kind === 'same' ? null : <span className="sage-sr-only">{t(`diff.${kind}`)}</span>}
      </td>
      <td>{text}</td>
    </tr>
  )
}
