import { NavLink, Stack, Tooltip } from '@mantine/core'
import type { TextKey } from '@shared/text'
import { IconCalendar, IconHistory, IconHome, IconInbox, IconSettings } from '@tabler/icons-react'
import { Link, useLocation } from 'wouter'
import { useText } from './prefs'

const AREAS: { href: string; key: TextKey; icon: typeof IconHome }[] = [
  { href: '/', key: 'nav.inicio', icon: IconHome },
  { href: '/casillas', key: 'nav.casillas', icon: IconInbox },
  { href: '/ejecuciones', key: 'nav.ejecuciones', icon: IconHistory },
  { href: '/calendario', key: 'nav.calendario', icon: IconCalendar },
  { href: '/ajustes', key: 'nav.ajustes', icon: IconSettings },
]

export function Nav({ collapsed }: { collapsed: boolean }) {
  const { t } = useText()
  const [path] = useLocation()
  return (
    <Stack gap={2} p={8} component="nav" aria-label={t('frame.nav')}>
      {AREAS.map(({ href, key, icon: Icon }) => {
        const active = href === '/' ? path === '/' : path.startsWith(href)
        return (
          <Tooltip key={href} label={t(key)} position="right" disabled={!collapsed}>
            <NavLink
              component={Link}
              href={href}
              active={active}
              aria-current={active ? 'page' : undefined}
              aria-label={t(key)}
              label={collapsed ? null : t(key)}
              leftSection={<Icon size={18} stroke={1.6} />}
              style={{ borderRadius: 4 }}
              {...(collapsed ? { px: 11, styles: { section: { marginInlineEnd: 0 } } } : {})}
            />
          </Tooltip>
        )
      })}
    </Stack>
  )
}
