import { Button, Card, Checkbox, Group, Stack, Table, Text, Title } from '@mantine/core'
import type { Casilla } from '@shared/model/casilla'
import { IconFilter } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useOp } from '../../../api/hooks'
import { useText } from '../../../app/prefs'
import { CasillaSelect } from '../../../blocks/casilla-select'
import { useKnowledge, useYamlCheck } from '../../../blocks/use-yaml-check'
import { CodeEditor } from '../../../ui/editor/code-editor'
import { ErrorBlock } from '../../../ui/error-block'
import { RowsSkeleton } from '../../../ui/later'
import { focusId } from './faults'
import type { WizardState } from './use-wizard'

/** The casilla whose accepted records are loaded, which of its catalogs, and which of their records. */
export function FuenteStep({ wizard }: { wizard: WizardState }) {
  const { t } = useText()
  const { draft, change, fill, shown } = wizard
  const casillas = useOp('casillas.list', {})
  const [only, another] = casillas.data?.items ?? []
  const chosen = only && !another ? only.id : null
  // Where there is one, nobody has to choose it.
  useEffect(() => {
    if (chosen !== null) fill((before) => (before.casillaId === null ? { casillaId: chosen } : {}))
  }, [chosen, fill])
  const casilla = casillas.data?.items.find(({ id }) => id === draft.casillaId)
  const missing = shown.find(({ focus }) => focus === focusId('casilla'))
  return (
    <Stack gap="md" maw={1000}>
      <Card>
        <Title order={2} mb={4}>
          {t('column.casilla')}
        </Title>
        <Text size="sm" c="dimmed" mb="sm">
          {t('fuente.casilla.help')}
        </Text>
        {casillas.error ? (
          <ErrorBlock error={casillas.error.data} onRetry={() => void casillas.refetch()} />
        ) : null}
        <CasillaSelect
          id={focusId('casilla')}
          width={420}
          label={t('column.casilla')}
          placeholder={t('fuente.casilla.choose')}
          casillas={casillas.data?.items ?? []}
          value={draft.casillaId ?? undefined}
          error={missing ? t(missing.key) : null}
          onChange={(id) => {
            if (id !== undefined && id !== draft.casillaId)
              change({ casillaId: id, catalogos: [], filtros: {}, tablas: [], propuestaPara: null })
          }}
        />
      </Card>
      {casilla ? <Catalogs key={casilla.id} casilla={casilla} wizard={wizard} /> : null}
      {draft.casillaId !== null && casillas.isPending ? <RowsSkeleton rows={4} /> : null}
    </Stack>
  )
}

function Catalogs({ casilla, wizard }: { casilla: Casilla; wizard: WizardState }) {
  const { t } = useText()
  const { draft, change, fill, shown } = wizard
  const [filtered, setFiltered] = useState<string | null>(null)
  // All of them unless the person says otherwise: chosen once, when the casilla is.
  useEffect(() => {
    fill((before) =>
      before.catalogos.length === 0 && before.propuestaPara === null
        ? { catalogos: casilla.catalogos.map(({ id }) => id) }
        : {},
    )
  }, [casilla, fill])
  const missing = shown.find(({ focus }) => focus === focusId('catalogos'))
  const toggle = (id: string, chosen: boolean) =>
    change({
      catalogos: casilla.catalogos
        .map((one) => one.id)
        .filter((one) => (one === id ? chosen : draft.catalogos.includes(one))),
    })
  return (
    <Card>
      <Title order={2} mb={4}>
        {t('column.catalogos')}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t('fuente.catalogos.help')}
      </Text>
      {missing ? (
        <Text size="sm" c="var(--sage-red)" mb="xs">
          {t(missing.key)}
        </Text>
      ) : null}
      <Table layout="fixed" id={focusId('catalogos')} tabIndex={-1}>
        <CatalogsHead />
        <Table.Tbody>
          {casilla.catalogos.map((catalogo) => (
            <CatalogRow
              key={catalogo.id}
              catalogo={catalogo}
              filtro={draft.filtros[catalogo.id]?.trim() ?? ''}
              chosen={draft.catalogos.includes(catalogo.id)}
              open={filtered === catalogo.id}
              onChoose={(chosen) => toggle(catalogo.id, chosen)}
              onFilter={() => setFiltered(filtered === catalogo.id ? null : catalogo.id)}
            />
          ))}
        </Table.Tbody>
      </Table>
      {filtered !== null && draft.catalogos.includes(filtered) ? (
        <Filter key={filtered} casillaId={casilla.id} catalogo={filtered} wizard={wizard} />
      ) : null}
    </Card>
  )
}

function CatalogsHead() {
  const { t } = useText()
  return (
    <Table.Thead>
      <Table.Tr>
        <Table.Th w={260}>{t('column.catalogo')}</Table.Th>
        <Table.Th w={200}>{t('column.archivo')}</Table.Th>
        <Table.Th w={80} ta="right">
          {t('column.campos')}
        </Table.Th>
        <Table.Th>{t('fuente.registros')}</Table.Th>
        <Table.Th w={110} />
      </Table.Tr>
    </Table.Thead>
  )
}

interface CatalogRowProps {
  catalogo: Casilla['catalogos'][number]
  filtro: string
  chosen: boolean
  /** Its filter is being written. */
  open: boolean
  onChoose: (chosen: boolean) => void
  onFilter: () => void
}

function CatalogRow({ catalogo, filtro, chosen, open, onChoose, onFilter }: CatalogRowProps) {
  const { t, number } = useText()
  const { nombre, archivo, campos } = catalogo
  return (
    <Table.Tr>
      <Table.Td>
        <Checkbox
          size="sm"
          label={nombre}
          checked={chosen}
          onChange={(event) => onChoose(event.currentTarget.checked)}
        />
      </Table.Td>
      <Table.Td className="sage-cut" title={archivo}>
        {archivo}
      </Table.Td>
      <Table.Td ta="right" className="sage-numbers">
        {number(campos)}
      </Table.Td>
      <Table.Td className="sage-cut" title={filtro}>
        {filtro === '' ? (
          <Text size="sm" c="dimmed" span>
            {t('fuente.todos')}
          </Text>
        ) : (
          <Text size="xs" ff="monospace" span>
            {filtro}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Button
          size="compact-xs"
          variant={open ? 'light' : 'subtle'}
          leftSection={<IconFilter size={14} />}
          disabled={!chosen}
          aria-label={t('fuente.filtrarDe', { name: nombre })}
          onClick={onFilter}
        >
          {t('fuente.filtrar')}
        </Button>
      </Table.Td>
    </Table.Tr>
  )
}

interface FilterProps {
  casillaId: number
  catalogo: string
  wizard: WizardState
}

/** The expression that a record must meet to be loaded, with what the editor knows of the catalog. */
function Filter({ casillaId, catalogo, wizard }: FilterProps) {
  const { t } = useText()
  const { draft, change } = wizard
  const yaml = useOp('casillas.yaml', { id: casillaId }, { staleTime: Number.POSITIVE_INFINITY })
  const { outline } = useYamlCheck(yaml.data?.text, 0)
  const knowledge = useKnowledge(outline, 'rule', catalogo)
  const index = draft.tablas.findIndex((tabla) => tabla.catalogo === catalogo)
  const problems = wizard.review.problemas.filter(
    ({ tabla, codigo }) => tabla === index && index >= 0 && codigo.startsWith('FILTRO'),
  )
  return (
    <Stack gap={6} mt="md">
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          {t('fuente.filtroDe', { name: catalogo })}
        </Text>
        <Text size="xs" c="dimmed">
          {t('fuente.filtro.help')}
        </Text>
      </Group>
      <div
        id={focusId('filtro')}
        tabIndex={-1}
        style={{ height: 96, border: '1px solid var(--sage-line)', borderRadius: 4, overflow: 'hidden' }}
      >
        <CodeEditor
          language="python"
          label={t('fuente.filtroDe', { name: catalogo })}
          value={draft.filtros[catalogo] ?? ''}
          onChange={(text) => change((before) => ({ filtros: { ...before.filtros, [catalogo]: text } }))}
          knowledge={knowledge}
          wrap
        />
      </div>
      <Text size="xs" c="dimmed" ff="monospace">
        {t('fuente.filtro.example')}
      </Text>
      {problems.map(({ mensaje, sugerencia }) => (
        <Text key={mensaje} size="sm" c="var(--sage-red)">
          {[mensaje, sugerencia].filter(Boolean).join(' ')}
        </Text>
      ))}
    </Stack>
  )
}
