/** The floor: what Node and the runtime client cost before any function does anything. */
exports.handler = async () => ({ statusCode: 200, body: 'hello' });
