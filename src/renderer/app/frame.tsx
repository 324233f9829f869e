import { AppShell } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { announcementStore } from '../api/events'
import { useStore } from '../api/store'
import { EngineBanner } from './engine-status'
import { Nav } from './nav'
import { Palette } from './palette'
import { useText } from './prefs'
import { TaskTray } from './task-tray'
import { TopBar } from './top-bar'

function LiveRegion() {
  const text = useStore(announcementStore)
  return (
    <div className="sage-sr-only" role="status" aria-live="polite">
      {text}
    </div>
  )
}

/** What never changes from page to page: navigation, top bar, tray, palette. */
export function Frame({ children }: { children: ReactNode }) {
  const { t } = useText()
  const [collapsed, setCollapsed] = useLocalStorage({
    key: 'sage.nav.collapsed',
    defaultValue: false,
    getInitialValueInEffect: false,
  })
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: collapsed ? 56 : 216, breakpoint: 0 }}
      padding={0}
      transitionDuration={0}
    >
      <button
        type="button"
        className="sage-skip"
        onClick={() => document.getElementById('contenido')?.focus()}
      >
        {t('frame.skip')}
      </button>
      <AppShell.Header bg="var(--sage-surface)">
        <TopBar onToggleNav={() => setCollapsed((value) => !value)} />
      </AppShell.Header>
      <AppShell.Navbar bg="var(--sage-surface)">
        <Nav collapsed={collapsed} />
      </AppShell.Navbar>
      <AppShell.Main h="100dvh" style={{ display: 'flex', flexDirection: 'column', overflow: 'hidden' }}>
        <EngineBanner />
        <div id="contenido" tabIndex={-1} style={{ flex: 1, minHeight: 0, outline: 'none' }}>
          {children}
        </div>
      </AppShell.Main>
      <TaskTray />
      <Palette />
      <LiveRegion />
    </AppShell>
  )
}
