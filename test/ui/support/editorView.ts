// The text editor in front: its text whole, however much of it is drawn.
import type { Page } from 'playwright-core';

/** The active text editor. */
export class EditorView {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The whole text, taken through the clipboard: an editor draws only the lines in sight, and wrapped. */
  async text(): Promise<string> {
    await this.page.locator('.editor-group-container.active .monaco-editor .view-lines').click();
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.press('ControlOrMeta+c');
    const text = await this.page.evaluate(() => navigator.clipboard.readText());
    await this.page.keyboard.press('ControlOrMeta+Home');
    return text;
  }

  /** Waits until the words of the text have their colours, which come after the text. */
  async waitForColours(): Promise<void> {
    await this.page.locator('.editor-group-container.active .view-lines span[class^="mtk"]:not(.mtk1)').first().waitFor();
  }

  /** The lines inside its fenced blocks of code, top to bottom. */
  async codeLines(): Promise<readonly string[]> {
    const blocks = (await this.text()).split(/^```/m).filter((_, index) => index % 2 === 1);
    return blocks.flatMap((block) => block.split('\n').slice(1)).filter((line) => line.trim() !== '');
  }
}
