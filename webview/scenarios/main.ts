// Entry of the scenario page: takes scenario, theme and locale from the address, then starts the page itself.
import { localeOf } from '../../src/shared/text/languages.js';
import { completeScenario, scenarios } from './scenarios.js';
import type { ScenarioName } from './scenarios.js';
import { installScriptedHost } from './scriptedHost.js';
import { applyTheme, themes } from './themes.js';
import type { ThemeName } from './themes.js';

function isScenario(name: string): name is ScenarioName {
  return Object.hasOwn(scenarios, name);
}

function isTheme(name: string): name is ThemeName {
  return Object.hasOwn(themes, name);
}

async function showScenario(address: URLSearchParams): Promise<void> {
  const scenario = address.get('scenario') ?? 'mixed';
  const theme = address.get('theme') ?? 'dark';
  if (!isScenario(scenario) || !isTheme(theme)) {
    document.body.textContent = `scenario: ${Object.keys(scenarios).join(', ')}; theme: ${Object.keys(themes).join(', ')}`;
    return;
  }
  applyTheme(theme);
  const locale = localeOf(address.get('locale') ?? 'en');
  installScriptedHost(completeScenario(scenario), locale);
  if (locale === 'ko') await import('../trust/koreanTexts.js');
  // Only now: the page connects to its host, and the toolkit reads the theme, as soon as it is loaded.
  await import('../trust/main.js');
}

void showScenario(new URLSearchParams(location.search));
