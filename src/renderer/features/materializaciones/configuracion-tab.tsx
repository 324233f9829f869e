import { Button, Card, Group, Stack, Table, Text, Title } from '@mantine/core'
import type { Materializacion } from '@shared/model/materializacion'
import { Link } from 'wouter'
import { useText } from '../../app/prefs'
import { cuandoTexto } from '../../blocks/materializacion/cuando-text'
import { openRemoveMaterializacion } from '../../blocks/materializacion/remove-materializacion'
import { tipoDestinoKey } from '../../blocks/materializacion/values'

/** What is saved, the way to change it, and the way to remove it. */
export function ConfiguracionTab({ row }: { row: Materializacion }) {
  const { t, lang, date, number } = useText()
  const { config } = row
  const kind = tipoDestinoKey(row.destinoTipo)
  const facts: [string, string][] = [
    [t('column.nombre'), row.nombre],
    [t('column.descripcion'), row.descripcion],
    [t('column.casilla'), row.casillaNombre],
    [t('column.destino'), `${row.destinoNombre} (${kind ? t(kind) : row.destinoTipo})`],
    [t('mat.tables'), config.tablas.map(({ catalogo }) => catalogo).join(', ')],
    [t('mat.when'), cuandoTexto({ t, lang }, config.cuando)],
    [t('mat.attempts'), number(config.maxIntentos)],
    [t('column.creada'), date(row.creadaEn)],
    [t('mat.changed'), date(row.actualizadaEn)],
  ]
  return (
    <Stack gap="md" style={{ overflow: 'auto', flex: 1 }} pb={120}>
      <Card maw={900}>
        <Group justify="space-between" mb="xs">
          <Title order={2}>{t('mat.tab.configuracion')}</Title>
          <Button component={Link} href={`/materializaciones/${row.id}/editar`}>
            {t('mat.edit')}
          </Button>
        </Group>
        <Table withRowBorders={false} layout="fixed" horizontalSpacing={0}>
          <Table.Tbody className="sage-numbers">
            {facts
              .filter(([, value]) => value !== '')
              .map(([label, value]) => (
                <Table.Tr key={label}>
                  <Table.Td w={200} c="dimmed">
                    {label}
                  </Table.Td>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
                </Table.Tr>
              ))}
          </Table.Tbody>
        </Table>
      </Card>
      <Card maw={900}>
        <Title order={2}>{t('mat.remove')}</Title>
        <Text size="sm" c="dimmed" my="xs">
          {t('mat.removeHelp')}
        </Text>
        <Group>
          <Button variant="outline" color="red" onClick={() => openRemoveMaterializacion(t, row)}>
            {t('mat.remove')}
          </Button>
        </Group>
      </Card>
    </Stack>
  )
}
