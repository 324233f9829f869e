import { Button, Group, Menu, ScrollArea, Text } from '@mantine/core'
import type { Columna } from '@shared/model/materializacion'
import { IconPlus } from '@tabler/icons-react'
import { useText } from '../../../app/prefs'
import { CONTROL_VALUES } from '../../../blocks/materializacion/values'
import { freeColumn } from './draft'
import { CONTROL_TYPES, type Field } from './use-fields'

interface AddColumnProps {
  id: string
  error: string | null
  columnas: readonly Columna[]
  fields: readonly Field[]
  onAdd: (columna: Columna) => void
}

/** Adds a column: of a field that is not used yet, of a constant, or of what the run knows. */
export function AddColumn({ id, error, columnas, fields, onAdd }: AddColumnProps) {
  const { t } = useText()
  return (
    <Group gap="sm" style={{ flexShrink: 0 }}>
      <Menu position="top-start">
        <Menu.Target>
          <Button id={id} variant="default" leftSection={<IconPlus size={16} />}>
            {t('mapeo.agregar')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <ScrollArea.Autosize mah={320} type="auto">
            <Sources columnas={columnas} fields={fields} onAdd={onAdd} />
          </ScrollArea.Autosize>
        </Menu.Dropdown>
      </Menu>
      {error ? (
        <Text size="sm" c="var(--sage-red)">
          {error}
        </Text>
      ) : null}
    </Group>
  )
}

function Sources({ columnas, fields, onAdd }: Pick<AddColumnProps, 'columnas' | 'fields' | 'onAdd'>) {
  const { t } = useText()
  const used = new Set(columnas.flatMap(({ fuente }) => (fuente.de === 'campo' ? [fuente.campo] : [])))
  const unused = fields.filter(({ name }) => !used.has(name))
  return (
    <>
      {unused.length > 0 ? <Menu.Label>{t('mapeo.agregar.campos')}</Menu.Label> : null}
      {unused.map(({ name, tipo }) => (
        <Menu.Item
          key={name}
          onClick={() =>
            onAdd({
              nombre: freeColumn(columnas, name),
              fuente: { de: 'campo', campo: name },
              tipo,
              nulos: true,
            })
          }
        >
          {name}
        </Menu.Item>
      ))}
      <Menu.Label>{t('mapeo.agregar.otros')}</Menu.Label>
      <Menu.Item
        onClick={() =>
          onAdd({
            nombre: freeColumn(columnas, 'constante'),
            fuente: { de: 'constante', valor: null },
            tipo: { tipo: 'texto' },
            nulos: true,
          })
        }
      >
        {t('fuente.constante')}
      </Menu.Item>
      {CONTROL_VALUES.map((control) => (
        <Menu.Item
          key={control}
          onClick={() =>
            onAdd({
              nombre: freeColumn(columnas, control),
              fuente: { de: 'control', control },
              tipo: CONTROL_TYPES[control],
              nulos: false,
            })
          }
        >
          {t(`control.${control}`)}
        </Menu.Item>
      ))}
    </>
  )
}
