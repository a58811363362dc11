/** The AWS CLI command that invokes a deployed function with the event in `event.json`. */
export function invokeCommand(functionName: string): string {
  return (
    `aws lambda invoke --function-name ${functionName} --cli-binary-format raw-in-base64-out ` +
    '--payload file://event.json answer.json'
  );
}
