import { Tabs } from '@mantine/core'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'

const PAGES = {
  lista: '/materializaciones',
  cargas: '/materializaciones/cargas',
  destinos: '/materializaciones/destinos',
  consulta: '/materializaciones/consulta',
} as const
const NAMES = ['lista', 'cargas', 'destinos', 'consulta'] as const

/** What the area of materializations is made of, on top of each of its pages. */
export function AreaTabs({ current }: { current: keyof typeof PAGES }) {
  const { t } = useText()
  return (
    <Tabs
      value={current}
      onChange={(value) => {
        const name = NAMES.find((known) => known === value)
        if (name) navigate(PAGES[name])
      }}
      style={{ flexShrink: 0 }}
      mb="md"
    >
      <Tabs.List aria-label={t('nav.materializaciones')}>
        {NAMES.map((name) => (
          <Tabs.Tab key={name} value={name}>
            {t(`mat.area.${name}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs>
  )
}
