import { Button, Group, Kbd, Loader, Menu, Stack, Text } from '@mantine/core'
import { IconHistory, IconPlayerPlay } from '@tabler/icons-react'
import { type ReactNode, useMemo, useRef, useState } from 'react'
import { useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { AreaTabs } from '../../blocks/materializacion/area-tabs'
import { CodeEditor, type EditorHandle } from '../../ui/editor/code-editor'
import { Empty } from '../../ui/empty'
import { ErrorBlock } from '../../ui/error-block'
import { Page } from '../../ui/page'
import { type Exported, ExportedLine, ExportMenu } from './export-menu'
import { Results } from './results'
import {
  errorPlace,
  keepHistory,
  keepText,
  lineAndColumn,
  loadHistory,
  loadText,
  type PastStatement,
  quoteName,
  sampleOf,
  withStatement,
} from './statements'
import { TablesPanel } from './tables-panel'
import { useStatement } from './use-statement'

/** Asks the console's own data: read-only SQL, its rows by pages, and the whole of them to a file. */
export default function ConsultaScreen() {
  const { t } = useText()
  const editor = useRef<EditorHandle>(null)
  const [text, setText] = useState(loadText)
  const [past, setPast] = useState(loadHistory)
  const [exported, setExported] = useState<Exported | null>(null)
  const { result, running, error, run, cancel, source } = useStatement()
  const write = (next: string) => {
    setText(next)
    keepText(next)
  }
  const start = (sql: string) => {
    if (sql.trim() === '') return
    const next = withStatement(past, sql, new Date().toISOString())
    setPast(next)
    keepHistory(next)
    setExported(null)
    void run(sql)
  }
  const open = (table: string) => {
    write(sampleOf(table))
    start(sampleOf(table))
  }
  return (
    <Page title={t('consulta.title')} purpose={t('consulta.purpose')} fill>
      <AreaTabs current="consulta" />
      <Group gap="md" align="stretch" wrap="nowrap" style={{ flex: 1, minHeight: 0 }}>
        <TablesPanel onOpen={open} onName={(name) => editor.current?.insert(quoteName(name))} />
        <Stack gap="sm" style={{ flex: 1, minWidth: 0, minHeight: 0 }}>
          <Editor
            editor={editor}
            text={text}
            onText={write}
            onRun={() => start(text)}
            failure={error?.sql === text ? error.error.data.message : null}
          />
          <RunBar
            ready={text.trim() !== ''}
            running={running !== null}
            onRun={() => start(text)}
            onCancel={cancel}
            more={<HistoryMenu past={past} onChoose={write} />}
          />
          {error ? <Failure error={error} /> : null}
          {exported ? <ExportedLine exported={exported} /> : null}
          {result ? (
            <Results
              result={result}
              source={source}
              tools={<ExportMenu sql={result.sql} onExported={setExported} />}
            />
          ) : error ? null : (
            <Empty text={t('consulta.empty')} />
          )}
        </Stack>
      </Group>
    </Page>
  )
}

interface RunBarProps {
  ready: boolean
  running: boolean
  onRun: () => void
  onCancel: () => void
  more: ReactNode
}

function RunBar({ ready, running, onRun, onCancel, more }: RunBarProps) {
  const { t } = useText()
  return (
    <Group gap="sm">
      <Button leftSection={<IconPlayerPlay size={16} />} disabled={!ready || running} onClick={onRun}>
        {t('consulta.run')}
      </Button>
      {!running ? (
        <Text size="xs" c="dimmed">
          <Kbd size="xs">Ctrl</Kbd> + <Kbd size="xs">{t('consulta.enter')}</Kbd>
        </Text>
      ) : (
        <>
          <Loader size="xs" aria-label={t('consulta.running')} />
          <Button variant="subtle" color="gray" onClick={onCancel}>
            {t('action.cancel')}
          </Button>
        </>
      )}
      {more}
    </Group>
  )
}

/** In words, and where in the statement. */
function Failure({
  error: { sql, error },
}: {
  error: NonNullable<ReturnType<typeof useStatement>['error']>
}) {
  const { t } = useText()
  const { message, at } = errorPlace(error.data.message, sql)
  const title = at === null ? t('consulta.failed') : t('consulta.failedAt', lineAndColumn(sql, at))
  return <ErrorBlock error={{ ...error.data, message }} title={title} />
}

interface EditorProps {
  editor: React.RefObject<EditorHandle | null>
  text: string
  onText: (text: string) => void
  onRun: () => void
  /** What is said of this very text; null when nothing is. */
  failure: string | null
}

function Editor({ editor, text, onText, onRun, failure }: EditorProps) {
  const { t } = useText()
  const known = useOp('sql.tablas', {})
  const tables = useMemo(
    () =>
      Object.fromEntries(
        (known.data?.tablas ?? []).map(({ nombre, columnas }) => [
          nombre,
          columnas.map((columna) => columna.nombre),
        ]),
      ),
    [known.data],
  )
  const problems = useMemo(() => {
    const found = failure === null ? null : errorPlace(failure, text)
    if (!found || found.at === null) return []
    return [{ from: found.at, to: found.at + 1, severity: 'error' as const, message: found.message }]
  }, [failure, text])
  return (
    <div
      style={{
        height: 168,
        flexShrink: 0,
        border: '1px solid var(--sage-line)',
        borderRadius: 4,
        overflow: 'hidden',
      }}
      onKeyDownCapture={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
        event.preventDefault()
        event.stopPropagation()
        onRun()
      }}
    >
      <CodeEditor
        language="sql"
        label={t('consulta.editor')}
        value={text}
        onChange={onText}
        tables={tables}
        problems={problems}
        handle={editor}
      />
    </div>
  )
}

interface HistoryMenuProps {
  past: readonly PastStatement[]
  onChoose: (sql: string) => void
}

function HistoryMenu({ past, onChoose }: HistoryMenuProps) {
  const { t, date } = useText()
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconHistory size={16} />}
          disabled={past.length === 0}
        >
          {t('consulta.history')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={360} maw={560} style={{ overflow: 'auto' }}>
        {past.map(({ sql, at }) => (
          <Menu.Item key={`${at}:${sql}`} onClick={() => onChoose(sql)}>
            <Text size="xs" ff="monospace" lineClamp={2} style={{ whiteSpace: 'pre-wrap' }}>
              {sql}
            </Text>
            <Text size="xs" c="dimmed" className="sage-numbers">
              {date(at)}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
