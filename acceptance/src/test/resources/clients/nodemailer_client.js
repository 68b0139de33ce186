// Sends a file by Nodemailer, after a file that makes `transport`: TRANSPORT-FILE FROM FILE RECIPIENT...
const fs = require("fs");
const vm = require("vm");
const [transportFile, from, file, ...to] = process.argv.slice(2);
const context = vm.createContext({ require, process });
vm.runInContext(fs.readFileSync(transportFile, "utf8") + "\nthis.made = transport;", context);
context.made
  .sendMail({ envelope: { from, to }, raw: fs.readFileSync(file) })
  .then((info) => {
    if (info.rejected.length) throw new Error("rejected " + info.rejected);
    context.made.close();
  })
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
