// For tests alone. A message `TOOL {"argument": …}` calls that tool of whichever server offers it.
const vscode = require('vscode');

const model = {
  id: 'scripted',
  name: 'Scripted',
  family: 'scripted',
  version: '1',
  maxInputTokens: 10_000,
  maxOutputTokens: 1000,
  capabilities: { toolCalling: true },
};

exports.activate = (context) => {
  context.subscriptions.push(
    vscode.lm.registerLanguageModelChatProvider('bregma-test', {
      provideLanguageModelChatInformation: () => [model],
      provideLanguageModelChatResponse: async (_model, _messages, _options, progress) => {
        progress.report(new vscode.LanguageModelTextPart('(a scripted model)'));
      },
      provideTokenCount: async () => 1,
    }),
    vscode.chat.createChatParticipant('bregma-test.scripted', async (request, _context, stream, token) => {
      const [, name, json] = /^(\S+)\s*([\s\S]*)$/.exec(request.prompt.trim()) ?? [];
      let tool;
      for (let tries = 0; tries < 100 && !tool; tries++) {
        tool = vscode.lm.tools.find((one) => one.name.endsWith(name));
        if (!tool) await new Promise((resolve) => setTimeout(resolve, 100));
      }
      if (!tool) return stream.markdown(`No tool ${name}: ${vscode.lm.tools.map((one) => one.name).join(', ')}`);
      const result = await vscode.lm.invokeTool(
        tool.name,
        { input: json ? JSON.parse(json) : {}, toolInvocationToken: request.toolInvocationToken },
        token,
      );
      const text = result.content.map((part) => part.value ?? '').join('');
      stream.markdown(`Answered with ${text.length} characters.`);
    }),
  );
  // A model can be chosen in the chat once somebody has asked for models.
  void vscode.lm.selectChatModels({ vendor: 'bregma-test' });
};
