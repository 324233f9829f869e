import { useMantineColorScheme } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight'
import '@mantine/spotlight/styles.css'
import type { Casilla } from '@shared/model/casilla'
import {
  IconCalendar,
  IconCloud,
  IconDatabase,
  IconDatabaseImport,
  IconFileCheck,
  IconHistory,
  IconHome,
  IconInbox,
  IconKey,
  IconLanguage,
  IconMoon,
  IconPlus,
  IconRefresh,
  IconSearch,
  IconSettings,
  IconSql,
  IconSun,
  IconUsers,
} from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useCommand, useOp } from '../api/hooks'
import { navigate } from './hash-location'
import { usePrefs, useText } from './prefs'

/** The few casillas that the palette can show: the list of all has its own page. */
function matching(casillas: readonly Casilla[], search: string): Casilla[] {
  const wanted = search.toLowerCase()
  return casillas.filter((item) => item.nombre.toLowerCase().includes(wanted)).slice(0, 20)
}

const ICON = { size: 18, stroke: 1.6 } as const

/** Ctrl+K: pages, actions, casillas by name, executions found by the engine. */
export function Palette() {
  const { t, date } = useText()
  const { lang, setLang } = usePrefs()
  const { setColorScheme } = useMantineColorScheme()
  const [query, setQuery] = useState('')
  const [search] = useDebouncedValue(query.trim(), 200)
  const casillas = useOp('casillas.list', {})
  const executions = useOp('executions.list', { limit: 8, ...(search ? { search } : {}) }, { keep: true })
  const restart = useCommand('engine.restart')

  const actions = useMemo<SpotlightActionGroupData[]>(() => {
    const go = (path: string) => () => navigate(path)
    return [
      {
        group: t('palette.actions'),
        actions: [
          {
            id: 'go-inicio',
            label: t('palette.go', { page: t('nav.inicio') }),
            onClick: go('/'),
            leftSection: <IconHome {...ICON} />,
          },
          {
            id: 'go-casillas',
            label: t('palette.go', { page: t('nav.casillas') }),
            onClick: go('/casillas'),
            leftSection: <IconInbox {...ICON} />,
          },
          {
            id: 'go-ejecuciones',
            label: t('palette.go', { page: t('nav.ejecuciones') }),
            onClick: go('/ejecuciones'),
            leftSection: <IconHistory {...ICON} />,
          },
          {
            id: 'go-materializaciones',
            label: t('palette.go', { page: t('nav.materializaciones') }),
            onClick: go('/materializaciones'),
            leftSection: <IconDatabaseImport {...ICON} />,
          },
          {
            id: 'go-destinos',
            label: t('palette.go', { page: t('destinos.title') }),
            onClick: go('/materializaciones/destinos'),
            leftSection: <IconDatabase {...ICON} />,
          },
          {
            id: 'go-consulta',
            label: t('palette.go', { page: t('consulta.title') }),
            onClick: go('/materializaciones/consulta'),
            leftSection: <IconSql {...ICON} />,
          },
          {
            id: 'go-proveedores',
            label: t('palette.go', { page: t('nav.proveedores') }),
            onClick: go('/proveedores'),
            leftSection: <IconCloud {...ICON} />,
          },
          {
            id: 'go-calendario',
            label: t('palette.go', { page: t('nav.calendario') }),
            onClick: go('/calendario'),
            leftSection: <IconCalendar {...ICON} />,
          },
          {
            id: 'go-emisores',
            label: t('palette.go', { page: t('emisores.title') }),
            onClick: go('/casillas/emisores'),
            leftSection: <IconUsers {...ICON} />,
          },
          {
            id: 'go-ajustes',
            label: t('palette.go', { page: t('nav.ajustes') }),
            onClick: go('/ajustes'),
            leftSection: <IconSettings {...ICON} />,
          },
          {
            id: 'go-secretos',
            label: t('palette.go', { page: t('secretos.title') }),
            onClick: go('/ajustes/secretos'),
            leftSection: <IconKey {...ICON} />,
          },
          {
            id: 'new-casilla',
            label: t('casilla.create'),
            onClick: go('/casillas/nueva'),
            leftSection: <IconPlus {...ICON} />,
          },
          {
            id: 'new-materializacion',
            label: t('mat.create'),
            onClick: go('/materializaciones/nueva'),
            leftSection: <IconPlus {...ICON} />,
          },
          {
            id: 'new-proveedor',
            label: t('proveedor.create'),
            onClick: go('/proveedores/nuevo'),
            leftSection: <IconPlus {...ICON} />,
          },
          {
            id: 'light',
            label: t('palette.light'),
            onClick: () => setColorScheme('light'),
            leftSection: <IconSun {...ICON} />,
          },
          {
            id: 'dark',
            label: t('palette.dark'),
            onClick: () => setColorScheme('dark'),
            leftSection: <IconMoon {...ICON} />,
          },
          {
            id: 'lang',
            label: t('palette.lang'),
            onClick: () => setLang(lang === 'es' ? 'en' : 'es'),
            leftSection: <IconLanguage {...ICON} />,
          },
          {
            id: 'restart',
            label: t('engine.restart'),
            onClick: () => restart.mutate({}),
            leftSection: <IconRefresh {...ICON} />,
          },
        ],
      },
      {
        group: t('nav.casillas'),
        actions: matching(casillas.data?.items ?? [], search).map((casilla) => ({
          id: `casilla-${casilla.id}`,
          label: casilla.nombre,
          description: casilla.descripcion,
          onClick: go(`/casillas/${casilla.id}`),
          leftSection: <IconInbox {...ICON} />,
        })),
      },
      {
        group: t('nav.ejecuciones'),
        actions: (executions.data?.items ?? []).map((row) => ({
          id: `ejecucion-${row.id}`,
          label: row.archivo,
          description: `${row.casillaNombre ?? ''} · ${date(row.creadaEn)}`,
          // The engine searched in more than the label shows.
          keywords: [search, row.id],
          onClick: go(`/ejecuciones/${row.id}`),
          leftSection: <IconFileCheck {...ICON} />,
        })),
      },
    ]
  }, [t, date, casillas.data, executions.data, search, lang, setLang, setColorScheme, restart.mutate])

  return (
    <Spotlight
      actions={actions}
      query={query}
      onQueryChange={setQuery}
      shortcut={['mod + K', 'mod + P']}
      nothingFound={t('palette.nothing')}
      highlightQuery
      scrollable
      maxHeight={420}
      limit={30}
      searchProps={{
        leftSection: <IconSearch size={18} />,
        placeholder: t('palette.placeholder'),
        'aria-label': t('palette.placeholder'),
      }}
    />
  )
}
