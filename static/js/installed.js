// Where a browser can, a page of ours stands ready for when there is no connection.
navigator.serviceWorker?.register("/worker.js").catch(() => {}); // a private window allows none
