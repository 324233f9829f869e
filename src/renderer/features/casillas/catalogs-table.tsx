import { Card, Table, Title } from '@mantine/core'
import type { Casilla } from '@shared/model/casilla'
import { useText } from '../../app/prefs'

/** Which files this casilla knows. */
export function CatalogsTable({ casilla }: { casilla: Casilla }) {
  const { t, number } = useText()
  return (
    <Card>
      <Title order={2} mb="xs">
        {t('casilla.catalogs')}
      </Title>
      <Table layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('column.catalogo')}</Table.Th>
            <Table.Th>{t('column.archivo')}</Table.Th>
            <Table.Th w={110} ta="right">
              {t('column.campos')}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {casilla.catalogos.map((catalog) => (
            <Table.Tr key={catalog.id}>
              <Table.Td className="sage-cut" title={catalog.nombre}>
                {catalog.nombre}
              </Table.Td>
              <Table.Td className="sage-cut" title={catalog.archivo} ff="monospace" fz="xs">
                {catalog.archivo}
              </Table.Td>
              <Table.Td ta="right" className="sage-numbers">
                {number(catalog.campos)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  )
}
