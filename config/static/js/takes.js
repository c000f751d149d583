/* The take that is not on the server yet, by person, piece and field, in this browser's database. */

const NAME = "across-takes";
const STORE = "takes";

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function within(mode, act) {
  try {
    const database = await open();
    return await new Promise((resolve, reject) => {
      const request = act(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } catch {
    return null; // Full or forbidden: the take then lives as long as the page.
  }
}

export class Takes {
  constructor(key) {
    this.key = key;
  }

  load() {
    return within("readonly", (store) => store.get(this.key));
  }

  save(take) {
    return within("readwrite", (store) => store.put(take, this.key));
  }

  clear() {
    return within("readwrite", (store) => store.delete(this.key));
  }
}
