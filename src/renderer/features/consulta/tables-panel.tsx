import { ActionIcon, Group, ScrollArea, Stack, Text, Tooltip, UnstyledButton } from '@mantine/core'
import type { OperationOutput } from '@shared/contract'
import { IconChevronDown, IconChevronRight, IconTable } from '@tabler/icons-react'
import { useState } from 'react'
import { useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { ErrorBlock } from '../../ui/error-block'
import { RowsSkeleton } from '../../ui/later'
import { SearchBox } from '../../ui/search-box'

type Tabla = OperationOutput<'sql.tablas'>['tablas'][number]

interface TablesPanelProps {
  /** Shows the first rows of a table. */
  onOpen: (table: string) => void
  /** Writes a name where the cursor is. */
  onName: (name: string) => void
}

/** What can be asked for: the tables of the console's own data, with their columns and types. */
export function TablesPanel({ onOpen, onName }: TablesPanelProps) {
  const { t } = useText()
  const tables = useOp('sql.tablas', {})
  const [search, setSearch] = useState('')
  const wanted = search.trim().toLowerCase()
  const found = (tables.data?.tablas ?? []).filter(
    ({ nombre, columnas }) =>
      wanted === '' ||
      nombre.toLowerCase().includes(wanted) ||
      columnas.some((columna) => columna.nombre.toLowerCase().includes(wanted)),
  )
  return (
    <Stack
      component="section"
      aria-label={t('consulta.tables')}
      gap="xs"
      w={250}
      style={{ flexShrink: 0, minHeight: 0 }}
    >
      <SearchBox
        label={t('consulta.searchTables')}
        width={250}
        delay={0}
        value={search}
        onChange={(text) => setSearch(text ?? '')}
      />
      {tables.error ? (
        <ErrorBlock error={tables.error.data} onRetry={() => void tables.refetch()} />
      ) : tables.isPending ? (
        <RowsSkeleton rows={5} />
      ) : (
        <ScrollArea style={{ flex: 1 }} type="auto" offsetScrollbars="y">
          {found.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t(wanted === '' ? 'consulta.noTables' : 'consulta.noTablesFound')}
            </Text>
          ) : null}
          <Stack gap={0} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
            {found.map((tabla) => (
              <TableItem key={tabla.nombre} tabla={tabla} onOpen={onOpen} onName={onName} />
            ))}
          </Stack>
        </ScrollArea>
      )}
    </Stack>
  )
}

function TableItem({ tabla, onOpen, onName }: TablesPanelProps & { tabla: Tabla }) {
  const { t, number } = useText()
  const [open, setOpen] = useState(false)
  const Chevron = open ? IconChevronDown : IconChevronRight
  return (
    <li>
      <Group gap={2} wrap="nowrap">
        <UnstyledButton
          py={4}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          style={{ flex: 1, minWidth: 0 }}
          title={tabla.nombre}
        >
          <Group gap={4} wrap="nowrap">
            <Chevron size={14} style={{ flexShrink: 0 }} aria-hidden />
            <Text size="sm" className="sage-cut" style={{ flex: 1 }}>
              {tabla.nombre}
            </Text>
            <Text size="xs" c="dimmed" className="sage-numbers" style={{ flexShrink: 0 }}>
              {number(tabla.filas)}
              <span className="sage-sr-only"> {t('column.filas')}</span>
            </Text>
          </Group>
        </UnstyledButton>
        <Tooltip label={t('consulta.openTable')}>
          <ActionIcon
            size="sm"
            aria-label={t('consulta.openTableOf', { name: tabla.nombre })}
            onClick={() => onOpen(tabla.nombre)}
          >
            <IconTable size={15} />
          </ActionIcon>
        </Tooltip>
      </Group>
      {open ? (
        <Stack gap={0} component="ul" m={0} pl={18} pb={6} style={{ listStyle: 'none' }}>
          {tabla.columnas.map(({ nombre, tipo }) => (
            <li key={nombre}>
              <UnstyledButton
                py={2}
                w="100%"
                title={t('consulta.insertName', { name: nombre })}
                onClick={() => onName(nombre)}
              >
                <Group gap={6} wrap="nowrap" justify="space-between">
                  <Text size="xs" className="sage-cut">
                    {nombre}
                  </Text>
                  <Text size="xs" c="dimmed" ff="monospace" style={{ flexShrink: 0 }}>
                    {tipo.toLowerCase()}
                  </Text>
                </Group>
              </UnstyledButton>
            </li>
          ))}
        </Stack>
      ) : null}
    </li>
  )
}
