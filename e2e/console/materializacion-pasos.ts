import { writeFileSync } from 'node:fs'
import type { Locator, Page, TestInfo } from '@playwright/test'
import { type ConsoleWindow, expect, willChoose } from '../desktop/support'

/** What a person does in the screens of materializations, in one place for their journeys. */
export function pasos(open: ConsoleWindow) {
  const { page } = open
  const area = (name: string) => page.getByRole('link', { name }).first().click()
  const tab = (name: string) => page.getByRole('tab', { name }).click()
  return {
    page,
    area,
    tab,
    next: () => page.getByRole('button', { name: 'Siguiente' }).click(),
    title: () => page.getByRole('heading', { level: 1 }),
    /** Sends a file by hand to a casilla and waits for its verdict. */
    send: async (casilla: string, file: string, text: string) => {
      writeFileSync(file, text)
      await area('Casillas')
      await page.getByRole('gridcell', { name: casilla, exact: true }).first().dblclick()
      await willChoose(open, file)
      await page.getByRole('button', { name: 'Elegir archivo' }).click()
      await expect(page.getByTestId('verdict')).toContainText('Éxito', { timeout: 60_000 })
    },
    /** Opens one of its tabs from the list. */
    openTab: async (name: string, which: string) => {
      await area('Materializaciones')
      await page.getByRole('link', { name, exact: true }).click()
      await tab(which)
    },
    choose: (label: string, option: string, inside: Page | Locator = page) =>
      choose(page, inside, label, option),
    /** Chooses exactly one of a list of many. */
    chooseMany: async (label: string, ...options: string[]) => {
      await page.getByRole('combobox', { name: label }).click()
      for (const option of options) {
        const one = page.getByRole('option', { name: option, exact: true })
        if ((await one.getAttribute('aria-selected')) !== 'true') await one.click()
      }
      await page.keyboard.press('Escape')
    },
  }
}

async function choose(page: Page, inside: Page | Locator, label: string, option: string): Promise<void> {
  await inside.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

const SIZES = [
  [1280, 800],
  [1920, 1080],
] as const

/**
 * Takes a picture of the window as it is. With SAGE_E2E_LOOKS=1, as the house wants each screen to be looked at: at both sizes, in both themes.
 */
export function photographer({ app, page }: ConsoleWindow, info: TestInfo) {
  const one = (name: string) => page.screenshot({ path: info.outputPath(`${name}.png`) })
  if (process.env.SAGE_E2E_LOOKS !== '1') return one
  info.setTimeout(10 * 60_000)
  return async (name: string) => {
    for (const [width, height] of SIZES) {
      await app.evaluate(
        ({ BrowserWindow }, size) => {
          const [window] = BrowserWindow.getAllWindows()
          window?.setContentSize(size.width, size.height)
        },
        { width, height },
      )
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await one(`${name}-${width}-${colorScheme}`)
      }
    }
    await page.emulateMedia({ colorScheme: 'light' })
  }
}
