import { expect, test } from '../desktop/support'

test('language, theme and place are remembered; the palette and the keyboard reach everything', async ({
  launch,
}, info) => {
  const { page } = await launch()
  await expect(page.getByText('Lista para procesar')).toBeVisible()

  await test.step('English and dark, after a reload too', async () => {
    await page.getByRole('button', { name: 'Idioma' }).click()
    await page.getByRole('menuitem', { name: 'English' }).click()
    await page.getByRole('button', { name: 'Theme' }).click()
    await page.getByRole('menuitem', { name: 'Dark' }).click()
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.reload()
    await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
    await expect(page.locator('html')).toHaveAttribute('lang', 'en')
    await page.screenshot({ path: info.outputPath('01-settings-dark.png') })
  })

  await test.step('the palette finds a casilla by its name', async () => {
    await page.keyboard.press('Control+k')
    await page.getByRole('textbox', { name: 'Search actions, mailboxes and executions' }).fill('tradicional')
    await page.screenshot({ path: info.outputPath('02-palette.png') })
    await page.keyboard.press('Enter')
    await expect(
      page.getByRole('heading', { level: 1, name: 'Distribuidora - canal tradicional' }),
    ).toBeVisible()
  })

  await test.step('the engine tells how it is', async () => {
    await page.getByRole('button', { name: /Engine state/ }).click()
    const health = page.getByRole('dialog')
    await expect(health).toContainText('Ready')
    await expect(health).toContainText('MiB in use')
    await page.screenshot({ path: info.outputPath('03-health.png') })
    await health.getByRole('button', { name: 'Restart the engine' }).click()
    await expect(health).toContainText(/Starting|Restarts1/)
    await expect(health).toContainText('Ready')
    await page.keyboard.press('Escape')
  })

  await test.step('a setting is kept by the engine, and a wrong one is refused in words', async () => {
    await page.getByRole('link', { name: 'Settings' }).click()
    const detail = page.getByRole('textbox', { name: 'Detail per rule' })
    await detail.fill('500')
    await detail.blur()
    await page.reload()
    await expect(detail).toHaveValue('500')
    await detail.fill('0')
    await detail.blur()
    await expect(page.getByRole('alert').first()).toBeVisible()
    await expect(detail).toHaveValue('500')
  })
})
