import { judgeFiles } from './judgeFiles.ts';
import { answerTask } from './threadAnswer.ts';

await answerTask(judgeFiles);
