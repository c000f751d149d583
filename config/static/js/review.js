/* Nothing to start here yet. */

export default function review() {}
