// The words on the buttons that have something done about a proxy.
import type { Message } from '../../src/shared/text/message.js';
import { message } from '../../src/shared/text/message.js';
import type { ObstacleAction } from '../../src/shared/trustViews.js';

export const actionNames: Readonly<Record<ObstacleAction, Message>> = {
  restart: message('panel.action.restart'),
  migrate: message('panel.action.migrate'),
  addGateway: message('panel.action.addGateway'),
  upgradeGateway: message('panel.action.upgradeGateway'),
  survey: message('panel.action.survey'),
};
