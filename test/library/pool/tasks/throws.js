throw Object.assign(new SyntaxError("this module throws"), { code: "ETHROWS" });
