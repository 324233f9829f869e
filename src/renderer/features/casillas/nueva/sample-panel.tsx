import {
  Alert,
  Button,
  Group,
  Loader,
  NativeSelect,
  Paper,
  Stack,
  Tabs,
  Text,
  TextInput,
} from '@mantine/core'
import type { CatalogoInferido } from '@shared/model/muestra'
import { type ReactNode, useState } from 'react'
import { useText } from '../../../app/prefs'
import { DropArea } from '../../../ui/drop-area'
import { CodeEditor } from '../../../ui/editor/code-editor'
import { ErrorBlock } from '../../../ui/error-block'
import { PlainTable } from '../../../ui/plain-table'
import { ColumnsTable } from './columns-table'
import { HeaderDecision } from './header-decision'
import { RelationsList } from './relations-list'
import { type CatalogoCorregido, withColumn, withName } from './sample-draft'
import { TrialPanel } from './trial-panel'
import type { SampleState, SampleWork } from './use-sample'

interface SamplePanelProps {
  work: SampleWork
  yaml: string
  yamlReady: boolean
  onEditText: () => void
}

/** A sample, what was seen in it, and what the YAML will say: corrected and tried in one place. */
export function SamplePanel({ work, ...rest }: SamplePanelProps) {
  const { t, bytes } = useText()
  const { sample, reading, choose, drop } = work
  return (
    <Stack gap="sm" style={{ flex: 1, minHeight: 0 }}>
      <DropArea
        onFiles={(files) => void drop(files)}
        label={t('muestra.drop')}
        disabled={reading.busy}
        compact={sample !== null}
      >
        <Group justify="space-between" wrap="nowrap">
          {reading.busy ? (
            <Group gap="sm">
              <Loader size="xs" />
              <Text size="sm" aria-live="polite">
                {t('muestra.reading')}
              </Text>
            </Group>
          ) : (
            <Text size="sm" className="sage-cut">
              {sample ? `${sample.file.name} · ${bytes(sample.file.bytes)}` : t('muestra.drop')}
            </Text>
          )}
          {reading.busy ? (
            <Button variant="subtle" color="gray" onClick={reading.cancel}>
              {t('action.cancel')}
            </Button>
          ) : (
            <Button variant="default" onClick={() => void choose()}>
              {t(sample ? 'muestra.other' : 'muestra.choose')}
            </Button>
          )}
        </Group>
      </DropArea>
      {reading.error ? (
        <Whole>
          <ErrorBlock error={reading.error} title={t('muestra.failed')} />
        </Whole>
      ) : null}
      {sample ? <Corrected work={work} sample={sample} {...rest} /> : null}
    </Stack>
  )
}

function Corrected({
  work,
  sample,
  yaml,
  yamlReady,
  onEditText,
}: SamplePanelProps & { sample: SampleState }) {
  const { t } = useText()
  const [chosen, setChosen] = useState<string | null>(null)
  const { inferida, esquema } = sample
  const inferido = inferida.catalogos.find(({ id }) => id === chosen) ?? inferida.catalogos[0]
  const catalogo = esquema.catalogos.find(({ id }) => id === inferido?.id)
  if (!inferido || !catalogo) return null
  const many = inferida.catalogos.length > 1
  const change = (next: CatalogoCorregido) =>
    work.edit((before) => ({
      ...before,
      catalogos: before.catalogos.map((one) => (one.id === next.id ? next : one)),
    }))
  const notices = [...inferida.avisos, ...inferido.avisos]
  return (
    <>
      <Group gap="sm" align="flex-end" style={{ flexShrink: 0 }}>
        {many ? (
          <NativeSelect
            size="xs"
            label={t('muestra.file')}
            w={260}
            data={inferida.catalogos.map(({ id, origen, registros }) => ({
              value: id,
              label: t('muestra.fileOption', { name: origen, n: registros }),
            }))}
            value={inferido.id}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        ) : null}
        <FormatBar inferido={inferido} catalogo={catalogo} work={work} onChange={change} />
      </Group>
      <HeaderDecision
        catalogo={inferido}
        busy={work.reading.busy}
        onChange={(encabezado) => void work.correct(inferido.origen, { encabezado })}
      />
      {notices.length > 0 ? (
        <Alert color="orange" variant="light" py="xs" style={{ flexShrink: 0 }}>
          {notices.slice(0, 4).map((notice) => (
            <Text key={notice} size="sm">
              {notice}
            </Text>
          ))}
        </Alert>
      ) : null}
      <Tabs
        defaultValue="columnas"
        keepMounted={false}
        style={{ flex: 1, minHeight: 260, display: 'flex', flexDirection: 'column' }}
      >
        <Tabs.List>
          <Tabs.Tab value="columnas">{t('muestra.tab.columns', { n: catalogo.columnas.length })}</Tabs.Tab>
          <Tabs.Tab value="registros">{t('muestra.tab.records')}</Tabs.Tab>
          {many ? (
            <Tabs.Tab value="relaciones">
              {t('muestra.tab.relations', { n: inferida.relaciones.length })}
            </Tabs.Tab>
          ) : null}
          <Tabs.Tab value="yaml">{t('muestra.tab.yaml')}</Tabs.Tab>
          <Tabs.Tab value="prueba">{t('muestra.tab.trial')}</Tabs.Tab>
        </Tabs.List>
        <Panel value="columnas">
          <ColumnsTable
            inferido={inferido}
            catalogo={catalogo}
            onColumn={(index, part) => change(withColumn(catalogo, index, part))}
            onName={(index, nombre) => work.edit((before) => withName(before, catalogo.id, index, nombre))}
          />
          <Keys inferido={inferido} />
        </Panel>
        <Panel value="registros">
          <PlainTable
            label={t('muestra.tab.records')}
            columns={inferido.columnas.map(({ nombre }) => nombre)}
            rows={inferido.filas}
          />
        </Panel>
        <Panel value="relaciones">
          <RelationsList
            relaciones={inferida.relaciones}
            esquema={esquema}
            onChange={(relaciones) => work.edit((before) => ({ ...before, relaciones }))}
          />
        </Panel>
        <Panel value="yaml">
          <Group justify="space-between" my={6}>
            <Text size="sm" c="dimmed">
              {t('muestra.yamlHelp')}
            </Text>
            <Button variant="default" disabled={yaml === ''} onClick={onEditText}>
              {t('muestra.editYaml')}
            </Button>
          </Group>
          <Paper style={{ flex: 1, minHeight: 0, overflow: 'hidden' }}>
            <CodeEditor language="yaml" label={t('muestra.tab.yaml')} value={yaml} readOnly />
          </Paper>
        </Panel>
        <Panel value="prueba">
          <TrialPanel work={work} yaml={yaml} ready={yamlReady} />
        </Panel>
      </Tabs>
    </>
  )
}

/** As tall as what it holds, however little room is left. */
const Whole = ({ children }: { children: ReactNode }) => <div style={{ flexShrink: 0 }}>{children}</div>

const Panel = ({ value, children }: { value: string; children: ReactNode }) => (
  <Tabs.Panel
    value={value}
    pt="xs"
    style={{ flex: 1, minHeight: 0, display: 'flex', flexDirection: 'column' }}
  >
    {children}
  </Tabs.Panel>
)

/** Sets of columns that never repeat: told, for the person to tick «único» where it is one column. */
function Keys({ inferido }: { inferido: CatalogoInferido }) {
  const { t } = useText()
  return (
    <Text size="xs" c="dimmed" pt={6}>
      {inferido.claves.length === 0
        ? t('muestra.noKeys')
        : t('muestra.keys', { keys: inferido.claves.map((key) => key.join(' + ')).join(' · ') })}
    </Text>
  )
}

interface FormatBarProps {
  inferido: CatalogoInferido
  catalogo: CatalogoCorregido
  work: SampleWork
  onChange: (catalogo: CatalogoCorregido) => void
}

const MARKS = [',', ';', '|', '\t'] as const

/** How the file is read: changing it reads the sample again. */
function FormatBar({ inferido, catalogo, work, onChange }: FormatBarProps) {
  const { t } = useText()
  const { origen, delimitador, hojas, hoja, formato } = inferido
  const marks = delimitador === null || MARKS.some((mark) => mark === delimitador) ? [] : [delimitador]
  return (
    <>
      <TextInput
        size="xs"
        w={260}
        label={t('muestra.filename')}
        title={t('muestra.filename.help')}
        value={catalogo.archivo}
        maxLength={255}
        error={catalogo.archivo.trim() === '' ? t('form.nameRequired') : null}
        onChange={(event) => onChange({ ...catalogo, archivo: event.currentTarget.value })}
      />
      {formato === 'CSV' ? (
        <NativeSelect
          size="xs"
          w={120}
          label={t('muestra.delimiter')}
          disabled={work.reading.busy}
          data={[...MARKS, ...marks].map((mark) => ({
            value: mark,
            label: mark === '\t' ? t('muestra.tab') : mark,
          }))}
          value={delimitador ?? ','}
          onChange={(event) => void work.correct(origen, { delimitador: event.currentTarget.value })}
        />
      ) : null}
      {hojas.length > 1 ? (
        <NativeSelect
          size="xs"
          w={200}
          label={t('muestra.sheet')}
          disabled={work.reading.busy}
          data={hojas}
          value={hoja ?? ''}
          onChange={(event) => void work.correct(origen, { hoja: event.currentTarget.value })}
        />
      ) : null}
      <Text size="xs" c="dimmed" pb={6} className="sage-numbers">
        {t('muestra.facts', {
          type: formato,
          encoding: inferido.codificacion ?? '—',
          n: inferido.registros,
        })}
      </Text>
    </>
  )
}
