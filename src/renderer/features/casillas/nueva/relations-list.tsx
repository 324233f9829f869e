import { Checkbox, Stack, Text } from '@mantine/core'
import type { EsquemaCorregido, RelacionInferida } from '@shared/model/muestra'
import { useText } from '../../../app/prefs'

interface RelationsListProps {
  relaciones: readonly RelacionInferida[]
  esquema: EsquemaCorregido
  onChange: (relaciones: EsquemaCorregido['relaciones']) => void
}

const keyOf = ({ desde, hacia }: EsquemaCorregido['relaciones'][number]): string =>
  JSON.stringify([desde.catalogo, desde.columna, hacia.catalogo, hacia.columna])

/** What refers to what between the files of a ZIP; the ones ticked become package rules. */
export function RelationsList({ relaciones, esquema, onChange }: RelationsListProps) {
  const { t, percent } = useText()
  const kept = new Set(esquema.relaciones.map(keyOf))
  if (relaciones.length === 0)
    return (
      <Text size="sm" c="dimmed" p="sm">
        {t('muestra.noRelations')}
      </Text>
    )
  return (
    <Stack gap="xs" p="sm" style={{ overflow: 'auto' }}>
      <Text size="sm" c="dimmed">
        {t('muestra.relationsHelp')}
      </Text>
      {relaciones.map(({ desde, hacia, cobertura }) => {
        const plain = { desde, hacia }
        return (
          <Checkbox
            key={keyOf(plain)}
            label={t('muestra.relation', {
              from: `${desde.catalogo}.${desde.columna}`,
              to: `${hacia.catalogo}.${hacia.columna}`,
            })}
            description={t('muestra.coverage', { share: percent(cobertura * 100) })}
            checked={kept.has(keyOf(plain))}
            onChange={(event) =>
              onChange(
                event.currentTarget.checked
                  ? [...esquema.relaciones, plain]
                  : esquema.relaciones.filter((item) => keyOf(item) !== keyOf(plain)),
              )
            }
          />
        )
      })}
    </Stack>
  )
}
